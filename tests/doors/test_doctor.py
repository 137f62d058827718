"""The doctor on installations that are ill: each problem in a person's words, with what to do, and exit code 1."""

import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from shuangcheng.site import checks_database, checks_machine, database_server, doctor, keys, node, safety
from shuangcheng.site.config import PREFIX
from shuangcheng.site.findings import Finding


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A healthy installation of its own, on the session's PostgreSQL where a test asks for the database."""
    for name in ("SECRET_KEY", "IDENTITY_KEY", "DIGEST_KEY"):
        monkeypatch.delenv(PREFIX + name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv(PREFIX + "PORT", str(probe.getsockname()[1]))
    monkeypatch.setenv(PREFIX + "VAR_DIR", str(tmp_path))
    # The translations of the working copy may be newer than what was compiled of them.
    monkeypatch.setattr(checks_machine, "LOCALE", tmp_path / "locale")
    keys.ensure(safety.load())
    return tmp_path


@pytest.fixture
def database(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own database, by its URL."""
    values = connection.settings_dict
    host = values["HOST"].replace("/", "%2F")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{values['USER']}@{host}/{values['NAME']}")


def problems(language: str = "zh") -> list[str]:
    found = [finding for finding in doctor.findings() if finding.outcome == "problem"]
    assert all(finding.what.zh and finding.what.en for finding in found)
    return [told(finding, language) for finding in found]


def told(finding: Finding, language: str = "zh") -> str:
    chosen = "en" if language == "en" else "zh"
    remedy = finding.remedy.text(chosen) if finding.remedy else ""  # type: ignore[arg-type]
    return finding.what.text(chosen) + remedy  # type: ignore[arg-type]


def test_a_healthy_installation(database: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert problems() == []
    assert doctor.examine(language="zh") == 0
    output = capsys.readouterr().out
    assert "没有发现问题" in output
    assert "数据表是最新的" in output
    assert "问题  " not in output


def test_a_fresh_folder_is_not_checked_rather_than_ill() -> None:
    outcomes = [finding.outcome for finding in checks_database.database(safety.load())]
    assert outcomes == ["skipped"]


def test_settings_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv(PREFIX + "PROT", "1")
    assert doctor.examine(language="en") == 1
    output = capsys.readouterr().out
    assert "PROBLEM" in output
    assert "Did you mean SHUANGCHENG_PORT?" in output
    assert "Problems found: 1." in output


def test_the_database_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://officer:geheim@127.0.0.1:1/node?password=auchgeheim")
    [sentence] = problems()
    assert "数据库 postgresql://officer:***@127.0.0.1:1/node 连不上" in sentence
    assert "请检查数据库服务器是否在运行" in sentence
    assert "geheim" not in sentence


def test_tables_that_are_behind(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = MigrationRecorder.applied_migrations

    def without_ours(recorder: MigrationRecorder) -> dict[tuple[str, str], object]:
        return {key: value for key, value in applied(recorder).items() if key[0] != "desk"}

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", without_ours)
    [sentence] = problems()
    assert "数据表还差" in sentence
    assert "shuangcheng manage migrate" in sentence


def test_a_fresh_folder_is_only_looked_at(database: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "VAR_DIR", str(folder / "fresh"))
    found = list(doctor.findings())
    assert "密钥还没有，数据表没有核对；首次启动时会生成密钥、更新数据表" in [told(finding) for finding in found]
    assert not [finding for finding in found if finding.outcome == "problem"]
    assert not (folder / "fresh").exists()


def test_an_old_server() -> None:
    assert "PostgreSQL 14，太旧" in told(checks_database._version(14))
    assert checks_database._version(15).outcome == "good"


def test_a_key_that_others_read_does_not_end_the_examination(database: None, tmp_path: Path) -> None:
    (tmp_path / "keys" / "secret_key.key").chmod(0o644)
    told = [finding.what.text("zh") for finding in doctor.findings() if finding.outcome != "good"]
    assert f"密钥文件 {tmp_path}/keys/secret_key.key 其他用户也能读" in told
    assert "密钥不可用，数据表没有核对" in told


def test_the_database_server_has_another_time(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(time.time() + 600, UTC)

    monkeypatch.setattr(checks_database, "datetime", Later)
    [sentence] = problems()
    assert "相差 600 秒" in sentence
    assert "NTP" in sentence


def test_a_clock_before_the_program_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2001, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(checks_machine, "datetime", Earlier)
    [sentence] = problems()
    assert "2001-01-01" in sentence
    assert "请校准时钟" in sentence


def test_a_key_file_that_others_read(folder: Path) -> None:
    file = folder / "keys" / "identity_key.key"
    file.chmod(0o644)
    [sentence] = problems("en")
    assert sentence == f"The key file {file} can be read by other usersRun: chmod 600 {file}"


def test_a_damaged_key_file(folder: Path) -> None:
    (folder / "keys" / "digest_key.key").write_text("short")
    [sentence] = problems()
    assert "内容已损坏" in sentence
    assert "不要重新生成" in sentence


def test_a_folder_that_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "VAR_DIR", "/proc")
    sentences = problems()
    assert "文件夹 /proc 写不进去" in sentences[0]
    assert "属主和权限" in sentences[0]


def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks_machine, "LEAST_FREE", 1 << 60)
    [sentence] = problems()
    assert "磁盘只剩" in sentence


def test_a_taken_port() -> None:
    settings = safety.load()
    with socket.socket() as other:
        other.bind((settings.host, settings.port))
        other.listen()
        [sentence] = problems()
    assert f"127.0.0.1:{settings.port} 用不了" in sentence


def test_the_port_is_the_node_s_own() -> None:
    settings = safety.load()
    with node.only_one(settings), socket.socket() as own:
        own.bind((settings.host, settings.port))
        own.listen()
        assert [finding.outcome for finding in checks_machine.port(settings)] == ["good"]


def test_translations_that_are_not_compiled(tmp_path: Path) -> None:
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text("")
    [finding] = checks_machine.translations(safety.load())
    assert "en/django.po 没有编译" in told(finding)
    assert "make install" in told(finding)
    compiled = source.with_suffix(".mo")
    compiled.write_bytes(b"")
    os.utime(compiled, (time.time() + 5, time.time() + 5))
    [finding] = checks_machine.translations(safety.load())
    assert finding.outcome == "good"


def test_no_time_zone_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise checks_machine.ZoneInfoNotFoundError(name)

    monkeypatch.setattr(checks_machine, "ZoneInfo", missing)
    [finding] = checks_machine.time_zones(safety.load())
    assert "tzdata" in told(finding)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@h:5/d", "postgresql://u:***@h:5/d"),
        ("postgresql://u:a%40b@h/d?sslmode=require", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d?password=p", "postgresql://u@h/d"),
        ("postgresql://h/d", "postgresql://h/d"),
    ],
)
def test_no_password_is_shown(url: str, shown: str) -> None:
    assert database_server.without_password(url) == shown
