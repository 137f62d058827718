"""What the settings accept, and above all what they refuse, with sentences for a person."""

import base64
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shuangcheng.site import keys, safety
from shuangcheng.site.config import PREFIX, SECRETS, Settings, SettingsError, settings_table

GOOD_KEY = base64.b64encode(bytes(range(7, 39))).decode()


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX) or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv(PREFIX + "VAR_DIR", str(tmp_path / "var"))


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name if name == "DATABASE_URL" else PREFIX + name, value)


def refusal() -> str:
    with pytest.raises(SettingsError) as refused:
        safety.load()
    assert refused.value.text() == str(refused.value)
    return str(refused.value)


def test_nothing_given_is_a_node_on_this_machine() -> None:
    settings = safety.load()
    assert settings.url == "http://127.0.0.1:8050"
    assert (settings.public, settings.https, settings.database_url) == (False, False, None)
    assert settings.cookie("session") == "sc_cq_session"


def test_a_public_node_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        BASE_URL="https://jy.example.org/",
        NODE="sc",
        SIDE="sc",
        HOST="0.0.0.0",
        ALLOWED_HOSTS="a.org, b.org",
    )
    settings = safety.load()
    assert settings.url == "https://jy.example.org"
    assert settings.hosts[:3] == ("jy.example.org", "a.org", "b.org")
    assert (settings.https, settings.public, settings.proxy_count) == (True, True, 1)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("PROT", "PORT"), ("DATABSE_URL", "DATABASE_URL"), ("SECRETKEY_FILE", "SECRET_KEY")],
)
def test_an_unknown_setting_is_refused_with_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    given(monkeypatch, **{name: "x"})
    text = refusal()
    assert f"没有 {PREFIX}{name} 这个设置项" in text
    assert f"是不是想写 {PREFIX}{meant}？" in text


def test_an_unknown_setting_like_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, QQQQ="x")
    assert "请删去" in refusal()


def test_english_where_the_terminal_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    given(monkeypatch, PROT="x")
    assert "Did you mean SHUANGCHENG_PORT?" in refusal()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"PORT": "abc"}, "SHUANGCHENG_PORT 应为整数"),
        ({"PORT": "70000"}, "SHUANGCHENG_PORT 不得大于 65535"),
        ({"WEB_WORKERS": "0"}, "SHUANGCHENG_WEB_WORKERS 不得小于 1"),
        ({"SIDE": "gz"}, "SHUANGCHENG_SIDE 只能是 'cq'、'sc'"),
        ({"DEBUG": "maybe"}, "SHUANGCHENG_DEBUG 应为 true 或 false"),
        ({"NODE": "Chong qing"}, "SHUANGCHENG_NODE 应符合格式"),
        ({"HOME_DIVISION": "5000"}, "SHUANGCHENG_HOME_DIVISION 应符合格式"),
        ({"STORAGE": "ftp://x"}, "SHUANGCHENG_STORAGE 应符合格式"),
        ({"TIME_ZONE": "UTC"}, "SHUANGCHENG_TIME_ZONE 只能是 'Asia/Shanghai'"),
        ({"BASE_URL": "http://jy.example.org"}, "不加密，却不在本机上"),
        ({"BASE_URL": "https://jy.example.org/sub"}, "不带路径"),
        ({"BASE_URL": "jy.example.org"}, "SHUANGCHENG_BASE_URL 应是"),
        ({"HOST": "0.0.0.0"}, "不加密，却不在本机上"),
        ({"BASE_URL": "https://a.org", "DEBUG": "true"}, "对外开放的节点不能打开 SHUANGCHENG_DEBUG"),
        ({"ALLOWED_HOSTS": "a.org", "DEBUG": "true"}, "对外开放的节点不能打开 SHUANGCHENG_DEBUG"),
        ({"BASE_URL": "https://a.org", "DEMO": "true"}, "演示数据的密码是公开的"),
        ({"ALLOWED_HOSTS": "*"}, "通配符"),
        ({"ALLOWED_HOSTS": "a.org,*.b.org"}, "通配符"),
        ({"SECRET_KEY": "short"}, "SHUANGCHENG_SECRET_KEY 太短或像是示例"),
        ({"SECRET_KEY": "django-insecure-3k#9fj2!kd83hf7ajd92kfh37ahdk29f"}, "像是示例"),
        ({"SECRET_KEY": "a" * 64}, "像是示例"),
        ({"IDENTITY_KEY": "abc"}, "SHUANGCHENG_IDENTITY_KEY 应是 32 个随机字节"),
        ({"DIGEST_KEY": base64.b64encode(b"\0" * 32).decode()}, "SHUANGCHENG_DIGEST_KEY 应是 32 个随机字节"),
        ({"IDENTITY_KEY": GOOD_KEY, "DIGEST_KEY": GOOD_KEY}, "不能相同"),
        ({"DATABASE_URL": "mysql://u@h/d"}, "只支持 PostgreSQL"),
        ({"DATABASE_URL": "postgresql://u@h:port/d"}, "DATABASE_URL 应是"),
        ({"DATABASE_URL": "postgresql://u@h/"}, "DATABASE_URL 应是"),
        ({"EMAIL_URL": "http://mail"}, "SHUANGCHENG_EMAIL_URL 应以"),
        ({"OIDC_ISSUER": "https://sso.org"}, "单点登录要同时给出"),
        ({"OIDC_ISSUER": "http://sso.org", "OIDC_CLIENT_ID": "i", "OIDC_CLIENT_SECRET": "s"}, "必须以 https:// 开头"),
        ({"S3_ACCESS_KEY": "a"}, "要一起给"),
    ],
)  # fmt: skip
def test_what_is_wrong_or_unsafe_is_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    given(monkeypatch, **values)
    assert sentence in refusal()


def test_every_reason_is_told_at_once_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        SECRET_KEY="geheim-9",
        ALLOWED_HOSTS="*",
        BASE_URL="http://a.org",
        DATABASE_URL="mysql://u:geheim-9@h/d",
    )
    text = refusal()
    assert text.count("\n  - ") == 4
    assert "geheim-9" not in text


def test_both_database_urls(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, DATABASE_URL="postgresql://u@h/one")
    assert safety.load().database_url.get_secret_value() == "postgresql://u@h/one"  # type: ignore[union-attr]
    monkeypatch.setenv(PREFIX + "DATABASE_URL", "postgresql://u@h/other")
    assert "都给了值" in refusal()


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_comes_from_a_file_that_only_its_owner_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    values = {"database_url": "postgresql://u:p@h/d", "secret_key": os.urandom(32).hex(), "email_url": "smtp://u:p@h"}
    file = tmp_path / "secret"
    file.write_text(values.get(name, GOOD_KEY) + "\n")
    file.chmod(0o600)
    given(monkeypatch, **{name.upper() + "_FILE": str(file)})
    if name.startswith("s3_"):
        given(monkeypatch, **{(({"s3_access_key", "s3_secret_key"} - {name}).pop()).upper(): "x"})
    if name.startswith("oidc"):
        given(monkeypatch, OIDC_ISSUER="https://a.org", OIDC_CLIENT_ID="x")
    assert getattr(safety.load(), name).get_secret_value() == values.get(name, GOOD_KEY)

    file.chmod(0o604)
    text = refusal()
    assert "其他用户也能读" in text
    assert f"chmod 600 {file}" in text


def test_an_ordinary_setting_comes_from_a_file_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("8123")
    given(monkeypatch, PORT_FILE=str(tmp_path / "port"))
    assert safety.load().port == 8123
    given(monkeypatch, PORT="8124")
    assert "都给了值" in refusal()


def test_a_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, PORT_FILE=str(tmp_path / "none"))
    assert "读不出来" in refusal()


def test_keys_are_made_once_for_their_owner_alone() -> None:
    old = os.umask(0)
    try:
        settings = safety.load()
        made = keys.ensure(settings)
    finally:
        os.umask(old)
    assert len(made.identity) == len(made.digest) == 32
    assert made.identity != made.digest
    files = sorted(keys.folder(settings).iterdir())
    assert [file.name for file in files] == ["digest_key.key", "identity_key.key", "secret_key.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(keys.folder(settings).stat().st_mode) == 0o700
    again = keys.ensure(settings)
    assert (again.secret, again.identity, again.digest) == (made.secret, made.identity, made.digest)
    assert "identity" not in repr(made), "keys do not show themselves"


def test_a_key_file_that_others_read_stops_the_node() -> None:
    settings = safety.load()
    keys.ensure(settings)
    file = keys.folder(settings) / "identity_key.key"
    file.chmod(0o644)
    with pytest.raises(SettingsError, match=r"其他用户也能读。请执行 chmod 600"):
        keys.ensure(settings)


def test_a_damaged_key_file_is_not_replaced() -> None:
    settings = safety.load()
    keys.ensure(settings)
    file = keys.folder(settings) / "identity_key.key"
    file.write_text("damaged")
    with pytest.raises(SettingsError, match="请从备份恢复"):
        keys.ensure(settings)
    assert file.read_text() == "damaged"


def test_the_command_tells_it_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PROT="1")
    done = subprocess.run([sys.executable, "-m", "shuangcheng.site.main", "serve"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "是不是想写 SHUANGCHENG_PORT？" in done.stderr
    assert "Traceback" not in done.stderr


def django_values(*expressions: str) -> list[object]:
    """What Django's settings are in another process with this environment."""
    code = (
        f"from shuangcheng.site import django_settings as s; import json; print(json.dumps([{','.join(expressions)}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout)
    assert isinstance(values, list)
    return values


def test_django_on_this_machine() -> None:
    session, csrf, language, secure, hidden, age, policy = django_values(
        "s.SESSION_COOKIE_NAME", "s.CSRF_COOKIE_NAME", "s.LANGUAGE_COOKIE_NAME",
        "s.SESSION_COOKIE_SECURE", "s.SESSION_COOKIE_HTTPONLY", "s.SESSION_COOKIE_AGE", "s.CONTENT_SECURITY_POLICY",
    )  # fmt: skip
    assert (session, csrf, language) == ("sc_cq_session", "sc_cq_csrf", "sc_cq_language")
    assert (secure, hidden, age) == (False, True, 8 * 3600)
    assert "unsafe" not in json.dumps(policy), "no inline script, no eval"
    assert "*" not in json.dumps(policy)


def test_django_in_public(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch, BASE_URL="https://jy.example.org", NODE="sc", LOGIN_ATTEMPTS="3", LOCKOUT_MINUTES="30",
        OIDC_ISSUER="https://sso.example.org/realm", OIDC_CLIENT_ID="node", OIDC_CLIENT_SECRET="s3cret",
        STORAGE="s3://bucket/part", S3_ENDPOINT="https://s3.example.org", EMAIL_URL="smtp://u:p%40@mail.example.org",
    )  # fmt: skip
    secure, transport, issuer, targets, files, mail = django_values(
        "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE]",
        "s.SECURE_HSTS_SECONDS",
        "s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0]['settings']",
        "s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action']",
        "s.STORAGES['default']['OPTIONS']",
        "[s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS]",
    )
    assert secure == [True] * 3
    assert transport == 365 * 24 * 3600
    assert issuer == {"server_url": "https://sso.example.org/realm"}
    assert targets == ["'self'", "https://sso.example.org"]
    assert isinstance(files, dict)
    assert (files["bucket_name"], files["location"]) == ("bucket", "part")
    assert files["endpoint_url"] == "https://s3.example.org"
    assert mail == ["mail.example.org", 587, "p@", True]


def test_every_setting_is_described() -> None:
    rows = list(settings_table())
    assert len(rows) == len(Settings.model_fields)
    for name, kind, _default, description in rows:
        assert name.startswith(PREFIX)
        assert kind
        assert description.endswith("."), name
