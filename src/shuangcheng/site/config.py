"""The node's settings: one typed class, read from the environment or from secret files, refused when unsafe."""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from shuangcheng.core.text import _
from shuangcheng.site.sentences import Sentence, language_of

PREFIX = "SHUANGCHENG_"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(Exception):
    """The settings cannot be used; every reason is told."""

    def __init__(self, problems: list[Sentence]) -> None:
        self.problems = problems
        super().__init__(self.text())

    def text(self) -> str:
        language = language_of()
        head = Sentence(zh="设置有问题，节点没有启动：", en="The settings cannot be used, so the node did not start:")
        return "\n".join([head.text(language), *(f"  - {problem.text(language)}" for problem in self.problems)])


class Settings(BaseSettings):
    """Everything about a node that its operator decides."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    node: str = Field("cq", pattern=r"^[a-z][a-z0-9]{0,15}$", description="Short name of the node; part of cookies.")
    node_title: str = Field(
        _("重庆节点"), min_length=1, max_length=40, description="Name of the node, as people read it."
    )
    side: Literal["cq", "sc"] = Field("cq", description="Which authority the node serves: cq (渝) or sc (川).")
    home_division: str = Field("500000", pattern=r"^\d{6}$", description="Division code of the authority's region.")
    base_url: str = Field("", description="Address that people type. Default: http://HOST:PORT.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8050, ge=1, le=65535, description="Port to listen on.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Further host names, separated by commas, under which the node answers; no wildcards."
    )
    trusted_proxies: int | None = Field(
        None, ge=0, le=5, description="Proxies in front of the node. Default: 1 behind https, otherwise 0."
    )
    debug: bool = Field(False, description="Developer's error pages; refused unless the node is on loopback.")
    demo: bool = Field(False, description="Holds the demonstration world; refused unless the node is on loopback.")
    var_dir: Path = Field(Path("var"), description="Folder for the database, keys, files and sockets.")
    database_url: SecretStr | None = Field(
        None,
        description="postgresql://… of a server, 15 or later; DATABASE_URL is read as well. Default: embedded.",
        validation_alias=AliasChoices(PREFIX + "DATABASE_URL", "DATABASE_URL"),
    )
    secret_key: SecretStr | None = Field(None, description="Signs sessions and tokens. Default: made in var/keys.")
    identity_key: SecretStr | None = Field(
        None, description="32 bytes in base64 that encrypt personal numbers. Default: made in var/keys."
    )
    digest_key: SecretStr | None = Field(
        None, description="32 bytes in base64 that key the look-up digests. Default: made in var/keys."
    )
    web_workers: int = Field(2, ge=1, le=64, description="Web processes.")
    web_threads: int = Field(4, ge=1, le=64, description="Threads, and so database connections, per web process.")
    job_concurrency: int = Field(2, ge=1, le=32, description="Background jobs at a time.")
    log_format: Literal["json", "text"] = Field("json", description="Log lines as JSON or as text.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least level that is logged.")
    session_hours: int = Field(8, ge=1, le=168, description="Hours after which a session ends.")
    session_ends_with_browser: bool = Field(False, description="A session also ends when the browser is closed.")
    login_attempts: int = Field(5, ge=2, le=20, description="Failed sign-ins of one account before it is locked out.")
    lockout_minutes: int = Field(15, ge=1, le=1440, description="Minutes that a lock-out lasts.")
    second_factor: Literal["required", "optional"] | None = Field(
        None,
        description="One-time passwords of officers, node administrators and auditors: required or optional. "
        "Default: required outside the demonstration.",
    )
    max_upload_mb: int = Field(20, ge=1, le=500, description="Largest file that is accepted, in MB.")
    storage: str = Field(
        "file", pattern=r"^(file|s3://[a-z0-9.-]+(/.*)?)$", description="file, or s3://BUCKET[/PREFIX] for attachments."
    )
    s3_endpoint: str = Field("", description="Address of the S3 service, when it is not the default one.")
    s3_region: str = Field("", description="Region of the bucket.")
    s3_access_key: SecretStr | None = Field(None, description="Access key of the bucket.")
    s3_secret_key: SecretStr | None = Field(None, description="Secret key of the bucket.")
    email_url: SecretStr | None = Field(
        None, description="smtp://USER:PASSWORD@HOST:PORT, or smtps://…; none: no mail is sent."
    )
    email_from: str = Field("", description="Sender of mail. Default: node@ and the host of the base URL.")
    oidc_issuer: str = Field("", description="Issuer URL of the single sign-on; none: passwords only.")
    oidc_client_id: str = Field("", description="Client id at the single sign-on.")
    oidc_client_secret: SecretStr | None = Field(None, description="Client secret at the single sign-on.")
    oidc_title: str = Field("统一身份认证", description="What the sign-on button says.")
    sm2: bool = Field(False, description="Also sign letters with SM2 where the other side does; needs the extra sm.")
    time_zone: Literal["Asia/Shanghai"] = Field("Asia/Shanghai", description="Time zone of pages and working days.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("var_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        return (init_settings, env_settings, SecretFiles(settings_cls))

    @cached_property
    def url(self) -> str:
        """The base URL without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.base_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every name under which the node answers."""
        own = urlsplit(self.url).hostname or self.host
        local = ("127.0.0.1", "localhost", "[::1]")
        return tuple(dict.fromkeys((own, *self.allowed_hosts, *local)))

    @property
    def public(self) -> bool:
        """True when others than this machine's users can reach the node."""
        names = {self.host, urlsplit(self.url).hostname or "", *self.allowed_hosts}
        return not names <= LOOPBACK

    @property
    def proxy_count(self) -> int:
        return self.trusted_proxies if self.trusted_proxies is not None else int(self.https)

    @property
    def second_factor_required(self) -> bool:
        """True when roles that see everything must use a one-time password."""
        return self.second_factor == "required" or (self.second_factor is None and not self.demo)

    def cookie(self, name: str) -> str:
        """Return the cookie name that carries the node, so that two nodes can share a host."""
        return f"sc_{self.node}_{name}"


SECRETS = frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


class SecretFiles(PydanticBaseSettingsSource):
    """Reads a setting NAME from the file that NAME_FILE points to."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        value = Path(path).read_text(encoding="utf-8").strip() if path else None
        # An aliased field is only recognised under one of its aliases.
        alias = field.validation_alias
        key = str(alias.choices[0]) if isinstance(alias, AliasChoices) else field_name
        return value, key, False

    def __call__(self) -> dict[str, Any]:
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {key: value for value, key, _ in found if value is not None}


WORDS = {str: "text", int: "number", bool: "true or false", Path: "folder", tuple: "list"}


def _kind(name: str, field: FieldInfo) -> str:
    """What a setting takes, in words; a closed list by its members."""
    if name in SECRETS:
        return "secret"
    parts = get_args(field.annotation)
    bare = parts[0] if NoneType in parts else field.annotation
    origin: Any = get_origin(bare) or bare
    return " or ".join(get_args(bare)) if origin is Literal else WORDS[origin]


def settings_table() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, type, default and description of every setting, for the documentation."""
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "", ()) else str(field.default)
        default = default.lower() if isinstance(field.default, bool) else default
        yield PREFIX + name.upper(), _kind(name, field), default, field.description or ""
