"""What every test stands on: a node's settings in a throw-away folder, one PostgreSQL for the session, Chinese."""

import base64
import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.world",
    "tests.demonstration",
    "tests.partner",
    "tests.upstream",
]  # the fixed cast; read after this file, when Django is set up

WORKER = "PYTEST_XDIST_WORKER"
PREFIX = "shuangcheng-test-"
NO_BROWSER = "no Chromium on this machine"


def _key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


def _prepare() -> Path:
    """Set the environment before Django is configured; xdist's workers inherit it and make databases of their own."""
    for name in [name for name in os.environ if name.startswith("SHUANGCHENG_") or name == "DATABASE_URL"]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "owner").write_text(str(os.getpid()))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SHUANGCHENG_VAR_DIR": str(folder),
        "SHUANGCHENG_SECRET_KEY": hashlib.sha512(b"tests").hexdigest(),
        "SHUANGCHENG_IDENTITY_KEY": _key("identity"),
        "SHUANGCHENG_DIGEST_KEY": _key("digest"),
        # Tests sign in as officers without a one-time password; those of signing in turn it on.
        "SHUANGCHENG_SECOND_FACTOR": "optional",
        "SHUANGCHENG_LOG_FORMAT": "text",
        "SHUANGCHENG_LOG_LEVEL": "WARNING",
    }
    # The whole suite can be run against a server instead of the embedded PostgreSQL.
    if url := os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = url
    return folder


def _set_up() -> None:
    """Load the settings now: pytest-django looked for them before any conftest was read."""
    import django

    django.setup()


FOLDER = _prepare() if WORKER not in os.environ else Path(os.environ["SHUANGCHENG_VAR_DIR"])
_set_up()


def _sweep() -> None:
    """End and remove what a killed session has left."""
    from shuangcheng.site.postgres import Cluster

    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            alive = Path("/proc", (folder / "owner").read_text()).exists()
        except OSError:
            continue
        if not alive:
            cluster = Cluster(folder, durable=False)
            if cluster.running():
                cluster.start()
                cluster.stop()
            shutil.rmtree(folder, ignore_errors=True)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def pytest_configure(config: pytest.Config) -> None:
    if WORKER not in os.environ:
        _sweep()
        # A test run that is told to end (by `timeout`, by CI) still stops its PostgreSQL.
        signal.signal(signal.SIGTERM, _interrupt)


def pytest_unconfigure(config: pytest.Config) -> None:
    if WORKER not in os.environ:
        shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start PostgreSQL when the first test needs it; the last worker to finish stops it."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    from shuangcheng.site.postgres import Cluster

    cluster = Cluster(FOLDER, durable=False)
    cluster.start()
    yield
    cluster.stop()


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Pages speak Chinese unless a test says otherwise, whatever the test before it chose."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield


def chromium() -> str | None:
    """Return the browser that browser tests drive, if this machine has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db") or "db" in getattr(item, "fixturenames", ()):
            item.add_marker("database")
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.getreports("skipped") if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.section("Chromium is missing", sep="!", red=True)
        terminalreporter.line(
            f"{len(skipped)} browser tests did NOT run. Install Debian's package chromium to run them."
        )
