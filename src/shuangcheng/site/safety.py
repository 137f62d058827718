"""What makes a node's settings unusable or unsafe, each reason as a sentence for its operator."""

import base64
import binascii
import difflib
import os
import stat
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from shuangcheng.site.config import LOOPBACK, PREFIX, SECRETS, Settings, SettingsError
from shuangcheng.site.sentences import Sentence

EXAMPLES = ("change", "example", "insecure", "password", "secret", "default", "xxxx", "1234", "test")
FORMS = {
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "literal_error": ("只能是 {expected}", "must be one of {expected}"),
    "greater_than_equal": ("不得小于 {ge}", "must be {ge} or more"),
    "less_than_equal": ("不得大于 {le}", "must be {le} or less"),
    "string_pattern_mismatch": ("应符合格式 {pattern}", "must match {pattern}"),
    "string_too_long": ("不得超过 {max_length} 个字符", "must be {max_length} characters or fewer"),
}


def readable_by_others(path: Path) -> bool:
    """Say whether accounts outside the file's owner and group may read or change it."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o007)


def load() -> Settings:
    """Read the settings of this process, or refuse with every reason."""
    if problems := of_environment(os.environ):
        raise SettingsError(problems)
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError([_of_value(dict(item)) for item in error.errors()]) from None
    if problems := of_settings(settings):
        raise SettingsError(problems)
    return settings


def of_environment(environ: Mapping[str, str]) -> list[Sentence]:
    """Return what is wrong with the variables as such: unknown, given twice, files missing or open to others."""
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    problems = []
    for variable in sorted(key for key in environ if key.startswith(PREFIX)):
        name = known.get(variable) or known.get(variable.removesuffix("_FILE"))
        if name is None:
            problems.append(_unknown(variable, known=list(known)))
        elif variable not in known:
            problems.extend(_of_file(variable, Path(environ[variable]), secret=name in SECRETS))
            if environ.get(variable.removesuffix("_FILE")):
                problems.append(_twice(variable, variable.removesuffix("_FILE")))
    plain, own = environ.get("DATABASE_URL"), environ.get(PREFIX + "DATABASE_URL")
    if plain and (environ.get(PREFIX + "DATABASE_URL_FILE") or (own and own != plain)):
        problems.append(_twice("DATABASE_URL", PREFIX + "DATABASE_URL"))
    return problems


def _unknown(variable: str, *, known: list[str]) -> Sentence:
    wanted = variable.removeprefix(PREFIX).removesuffix("_FILE")
    near = difflib.get_close_matches(wanted, [name.removeprefix(PREFIX) for name in known], n=1)
    return Sentence(
        zh=f"没有 {variable} 这个设置项。"
        + (f"是不是想写 {PREFIX}{near[0]}？" if near else "请删去，或查看文档中的设置表。"),
        en=f"There is no setting {variable}. "
        + (
            f"Did you mean {PREFIX}{near[0]}?"
            if near
            else "Remove it, or look at the table of settings in the documentation."
        ),
    )


def _twice(one: str, other: str) -> Sentence:
    return Sentence(
        zh=f"{one} 和 {other} 都给了值，不知道以哪个为准。请只保留一个。",
        en=f"Both {one} and {other} are given, and they may differ. Keep one of them.",
    )


def _of_file(variable: str, path: Path, *, secret: bool) -> Iterator[Sentence]:
    try:
        path.read_bytes()
    except OSError as error:
        yield Sentence(
            zh=f"{variable} 指向的文件 {path} 读不出来（{error.strerror}）。请检查路径和权限。",
            en=f"The file {path} named by {variable} cannot be read ({error.strerror}). Check its path and rights.",
        )
        return
    if secret and readable_by_others(path):
        yield Sentence(
            zh=f"密钥文件 {path} 其他用户也能读。请执行 chmod 600 {path}。",
            en=f"The secret file {path} can be read by other users. Run: chmod 600 {path}",
        )


def _of_value(error: dict[str, Any]) -> Sentence:
    """Return the sentence for one value that does not have the right form."""
    name = str(error["loc"][0])
    name = name if name.isupper() else PREFIX + name.upper()
    zh, en = FORMS.get(error["type"], ("不合要求：" + error["msg"], "is refused: " + error["msg"]))
    context = {key: str(value).replace(" or ", "、") for key, value in error.get("ctx", {}).items()}
    return Sentence(zh=f"设置 {name} {zh.format(**context)}。", en=f"{name} {en.format(**error.get('ctx', {}))}.")


def of_settings(settings: Settings) -> list[Sentence]:
    """Return every combination of values that is unsafe or cannot work."""
    return [
        *_exposure(settings),
        *_keys(settings),
        *_database(settings),
        *_services(settings),
    ]


def _exposure(settings: Settings) -> Iterator[Sentence]:
    address = urlsplit(settings.url)
    if address.scheme not in ("http", "https") or not address.hostname or address.path:
        yield Sentence(
            zh=f"SHUANGCHENG_BASE_URL 应是 https://主机名 的形式，不带路径；现在是 {settings.url}。",
            en=f"SHUANGCHENG_BASE_URL must look like https://HOST, without a path; it is {settings.url}.",
        )
    elif address.scheme == "http" and address.hostname not in LOOPBACK:
        yield Sentence(
            zh=f"{settings.url} 不加密，却不在本机上。请改用 https://，或只在 127.0.0.1 上运行。",
            en=f"{settings.url} is not encrypted and not on this machine. Use https://, or stay on 127.0.0.1.",
        )
    if any("*" in host for host in settings.allowed_hosts):
        yield Sentence(
            zh="SHUANGCHENG_ALLOWED_HOSTS 不能用通配符 *。请逐个写出主机名。",
            en="SHUANGCHENG_ALLOWED_HOSTS must not hold the wildcard *. Write out each host name.",
        )
    if settings.public and settings.debug:
        yield Sentence(
            zh="对外开放的节点不能打开 SHUANGCHENG_DEBUG：出错页会泄露数据。",
            en="SHUANGCHENG_DEBUG must be off on a node that others can reach: its error pages reveal data.",
        )
    if settings.public and settings.demo:
        yield Sentence(
            zh="演示数据的密码是公开的，只能在本机（127.0.0.1）上运行。",
            en="The passwords of the demonstration are published, so it runs on this machine (127.0.0.1) only.",
        )


def weak_secret(value: str) -> bool:
    """Say whether a secret key is short, monotonous or taken from an example."""
    return len(value) < 40 or len(set(value)) < 10 or any(word in value.lower() for word in EXAMPLES)


def decode_key(value: str) -> bytes | None:
    """Return the 32 bytes of a base64 key, or None when it is not one."""
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == 32 and len(set(key)) > 8 else None


def _keys(settings: Settings) -> Iterator[Sentence]:
    if settings.secret_key is not None and weak_secret(settings.secret_key.get_secret_value()):
        yield Sentence(
            zh="SHUANGCHENG_SECRET_KEY 太短或像是示例里的值。请换成 50 个以上的随机字符，或删去它让节点自己生成。",
            en="SHUANGCHENG_SECRET_KEY is short or looks like an example. Use 50 random characters, "
            "or remove it and let the node make one.",
        )
    for name in ("identity_key", "digest_key"):
        value = getattr(settings, name)
        if value is not None and decode_key(value.get_secret_value()) is None:
            yield Sentence(
                zh=f"SHUANGCHENG_{name.upper()} 应是 32 个随机字节的 base64。可用 openssl rand -base64 32 生成。",
                en=f"SHUANGCHENG_{name.upper()} must be 32 random bytes in base64. Make it by: openssl rand -base64 32",
            )
    if settings.identity_key is not None and settings.identity_key == settings.digest_key:
        yield Sentence(
            zh="SHUANGCHENG_IDENTITY_KEY 和 SHUANGCHENG_DIGEST_KEY 不能相同。",
            en="SHUANGCHENG_IDENTITY_KEY and SHUANGCHENG_DIGEST_KEY must differ.",
        )


def _database(settings: Settings) -> Iterator[Sentence]:
    if settings.database_url is None:
        return
    try:
        parts = urlsplit(settings.database_url.get_secret_value())
        complete = parts.scheme in ("postgres", "postgresql") and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        yield Sentence(
            zh="DATABASE_URL 应是 postgresql://用户:密码@主机:端口/库名 的形式；只支持 PostgreSQL。",
            en="DATABASE_URL must look like postgresql://USER:PASSWORD@HOST:PORT/NAME; only PostgreSQL will do.",
        )


def _services(settings: Settings) -> Iterator[Sentence]:
    if settings.storage != "file" and find_spec("storages") is None:
        yield Sentence(
            zh="SHUANGCHENG_STORAGE 指向 S3，但没有安装所需的软件包。请安装 shuangcheng[s3]。",
            en="SHUANGCHENG_STORAGE points to S3, but its package is missing. Install shuangcheng[s3].",
        )
    if (settings.s3_access_key is None) != (settings.s3_secret_key is None):
        yield Sentence(
            zh="SHUANGCHENG_S3_ACCESS_KEY 和 SHUANGCHENG_S3_SECRET_KEY 要一起给。",
            en="SHUANGCHENG_S3_ACCESS_KEY and SHUANGCHENG_S3_SECRET_KEY go together.",
        )
    if settings.email_url and urlsplit(settings.email_url.get_secret_value()).scheme not in ("smtp", "smtps"):
        yield Sentence(
            zh="SHUANGCHENG_EMAIL_URL 应以 smtp:// 或 smtps:// 开头。",
            en="SHUANGCHENG_EMAIL_URL must begin with smtp:// or smtps://.",
        )
    given = [bool(settings.oidc_issuer), bool(settings.oidc_client_id), settings.oidc_client_secret is not None]
    if any(given) and not all(given):
        yield Sentence(
            zh="单点登录要同时给出 SHUANGCHENG_OIDC_ISSUER、OIDC_CLIENT_ID 和 OIDC_CLIENT_SECRET。",
            en="Single sign-on needs SHUANGCHENG_OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET together.",
        )
    issuer = urlsplit(settings.oidc_issuer)
    if settings.oidc_issuer and issuer.scheme != "https" and issuer.hostname not in LOOPBACK:
        yield Sentence(
            zh="SHUANGCHENG_OIDC_ISSUER 必须以 https:// 开头。",
            en="SHUANGCHENG_OIDC_ISSUER must begin with https://.",
        )
