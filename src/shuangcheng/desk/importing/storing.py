"""Files of imports in the storage; those with personal numbers are sealed there."""

import secrets

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shuangcheng.core import seal

from ..models import Import
from .registry import table_named


def put(item: Import, path: str, data: bytes) -> str:
    """Store a file of an import under `path`, and return the name that the storage gave it."""
    if table_named(item.table).masked:
        nonce = secrets.token_bytes(seal.NONCE_BYTES)
        data = seal.seal_bytes(data, key=settings.IDENTITY_KEY, bound_to=_bound_to(item, path), nonce=nonce)
    return default_storage.save(path, ContentFile(data))


def get(item: Import, path: str) -> bytes | None:
    """The file as it was put, none when its seal is broken."""
    with default_storage.open(path) as file:
        data: bytes = file.read()
    if table_named(item.table).masked:
        try:
            return seal.unseal_bytes(data, key=settings.IDENTITY_KEY, bound_to=_bound_to(item, path))
        except seal.SealBroken:
            return None
    return data


def drop_sealed(item: Import) -> None:
    """An import is over: a file with personal numbers stays no longer than it is needed."""
    if item.file and table_named(item.table).masked:
        item.file.delete(save=False)
        Import.objects.filter(pk=item.pk).update(file="")


def _bound_to(item: Import, path: str) -> str:
    """The storage may rename what it is given, but not the ending."""
    return f"import:{item.id}:{path.rpartition('.')[2]}"
