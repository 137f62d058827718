"""Declarations collected by folder: one file each, named as what it declares."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def collect(package: ModuleType, constant: str, kind: type[Any]) -> dict[str, Any]:
    """What each module of `package` declares as `constant`, by its name; ValueError where a file is wrong."""
    found: dict[str, Any] = {}
    for each in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = importlib.import_module(f"{package.__name__}.{each.name}")
        declared = getattr(module, constant, None)
        if not isinstance(declared, kind):
            raise ValueError(f"{module.__name__} declares {declared!r} as {constant}, want a {kind.__name__}")
        if declared.name != each.name:
            raise ValueError(f"{module.__name__} declares {declared.name!r}, want its file's name")
        found[each.name] = declared
    return found
