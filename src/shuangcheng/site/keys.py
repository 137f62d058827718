"""The node's own keys: made on first start, kept in var/keys where only their owner can read them."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from shuangcheng.site.config import Settings, SettingsError
from shuangcheng.site.safety import decode_key, readable_by_others
from shuangcheng.site.sentences import Sentence

NAMES = ("secret_key", "identity_key", "digest_key")


@dataclass(frozen=True, repr=False)
class Keys:
    """The three keys of a node."""

    secret: str
    identity: bytes
    digest: bytes


def folder(settings: Settings) -> Path:
    return settings.var_dir / "keys"


def missing(settings: Settings) -> list[str]:
    """Return the names of the keys that the next start would make."""
    return [
        name for name in NAMES if getattr(settings, name) is None and not (folder(settings) / f"{name}.key").exists()
    ]


def ensure(settings: Settings) -> Keys:
    """Return the node's keys, making those that neither the settings nor the folder hold."""
    return Keys(
        secret=_value(settings, "secret_key", settings.secret_key),
        identity=_bytes(settings, "identity_key", settings.identity_key),
        digest=_bytes(settings, "digest_key", settings.digest_key),
    )


def _bytes(settings: Settings, name: str, given: SecretStr | None) -> bytes:
    key = decode_key(_value(settings, name, given))
    if key is None:
        raise SettingsError([_damaged(folder(settings) / f"{name}.key")])
    return key


def _value(settings: Settings, name: str, given: SecretStr | None) -> str:
    if given is not None:
        return given.get_secret_value()
    path = folder(settings) / f"{name}.key"
    fresh = secrets.token_urlsafe(64) if name == "secret_key" else base64.b64encode(secrets.token_bytes(32)).decode()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path, fresh)
        value = path.read_text(encoding="ascii").strip()
        exposed = readable_by_others(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([_unreadable(path, error)]) from error
    if exposed:
        raise SettingsError([_exposed(path)])
    if name == "secret_key" and len(value) < 40:
        raise SettingsError([_damaged(path)])
    return value


def _create(path: Path, value: str) -> None:
    """Write a new key unless there is one: linked into place whole, so that no reader sees half of it."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _unreadable(path: Path, error: Exception) -> Sentence:
    return Sentence(
        zh=f"密钥文件 {path} 读写不了（{error}）。请检查该文件夹的属主和权限。",
        en=f"The key file {path} cannot be read or written ({error}). Check who owns its folder.",
    )


def _exposed(path: Path) -> Sentence:
    return Sentence(
        zh=f"密钥文件 {path} 其他用户也能读。请执行 chmod 600 {path}。",
        en=f"The key file {path} can be read by other users. Run: chmod 600 {path}",
    )


def _damaged(path: Path) -> Sentence:
    return Sentence(
        zh=f"密钥文件 {path} 内容已损坏。请从备份恢复；没有这把密钥，已加密的证件号码无法再读出。",
        en=f"The key file {path} is damaged. Restore it from a backup: "
        "without this key the stored personal numbers cannot be read.",
    )
