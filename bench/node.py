"""A node of its own for a measurement: a throw-away folder, its own PostgreSQL with the usual safety, tables."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def node(**settings: str) -> Iterator[Path]:
    """A node ready for use; everything of it is gone afterwards."""
    for name in [name for name in os.environ if name.startswith("SHUANGCHENG_") or name == "DATABASE_URL"]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="shuangcheng-bench-"))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "shuangcheng.site.django_settings",
        "SHUANGCHENG_VAR_DIR": str(folder),
        "SHUANGCHENG_LOG_LEVEL": "ERROR",
        **{f"SHUANGCHENG_{name.upper()}": value for name, value in settings.items()},
    }
    from shuangcheng.site.postgres import Cluster

    cluster = Cluster(folder)
    cluster.start()
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield folder
    finally:
        from django.db import connections

        connections.close_all()
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def load_reference() -> None:
    """The reference data of every node: divisions, catalogues, the universities of China."""
    from shuangcheng.site.reference_loader import load

    load(lambda _title, _percent: None)
