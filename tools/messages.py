"""Collects the interface texts into the English catalogue: python tools/messages.py.

Chinese is the source language. What is marked in Python (`_`, gettext and its kin, under whatever name they are
imported) and in Django templates is merged into locale/en/LC_MESSAGES/django.po: translations are kept, texts that are
gone are dropped, nothing is guessed. The file is sorted and carries no places or dates, so that a change shows only
what changed. It prints where each text stands that has no English yet.
"""

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "shuangcheng"
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"

HEADER = """# English of Shuangcheng; written by tools/messages.py, translations by hand.
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "_": ("text",),
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
}
"""What the first arguments of each marking function are."""


class Unreadable(ValueError):
    """A marked text that nobody can translate, with its place."""


@dataclass(frozen=True, order=True)
class Entry:
    """What is looked up in the catalogue."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> str | tuple[str, str]:
        """The text, or both forms, as Babel names a message."""
        return (self.text, self.plural) if self.plural else self.text


def names(tree: ast.AST) -> dict[str, tuple[str, ...]]:
    """The marking functions by the names that a module gives them."""
    found = dict(ARGUMENTS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] in ("translation", "text"):
            renamed = {each.asname: each.name for each in node.names if each.asname}
            found |= {own: ARGUMENTS[name] for own, name in renamed.items() if name in ARGUMENTS}
    return found


def called(node: ast.Call) -> str:
    """The name under which something is called."""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def of_python(source: str, *, place: str) -> Iterator[tuple[int, Entry]]:
    """Line and entry of every marked text of a module; gettext of a variable is a look-up, `_` of one is a mistake."""
    tree = ast.parse(source)
    marks = names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or (name := called(node)) not in marks:
            continue
        parts = [part.value if isinstance(part, ast.Constant) else None for part in node.args[: len(marks[name])]]
        if all(isinstance(part, str) and part for part in parts) and len(parts) == len(marks[name]):
            yield node.lineno, Entry(**dict(zip(marks[name], parts, strict=True)))  # type: ignore[arg-type]
        elif name == "_" or any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in node.args):
            raise Unreadable(f"{place}:{node.lineno}: {name}() needs the text itself, with %(name)s for what varies")


def of_template(source: str, *, place: str) -> Iterator[tuple[int, Entry]]:
    """Line and entry of every marked text of a Django template."""
    # The indentation of a template means nothing to Python's tokenizer.
    code = "\n".join(line.lstrip() for line in templatize(source, origin=place).split("\n"))
    for line, name, found, _comments in extract_python(io.BytesIO(code.encode()), list(ARGUMENTS), [], {}):
        parts = [found] if isinstance(found, str) else found
        yield line, Entry(**dict(zip(ARGUMENTS[name], parts, strict=False)))


def collect(folder: Path = SOURCE) -> dict[Entry, list[str]]:
    """Every marked text below `folder`, in the order of the catalogue, with its places."""
    found: dict[Entry, list[str]] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".py":
            read = of_python
        elif file.suffix in (".html", ".txt") and "templates" in file.parts:
            read = of_template
        else:
            continue
        place = file.relative_to(folder).as_posix()
        for line, entry in read(file.read_text(encoding="utf-8"), place=place):
            found.setdefault(entry, []).append(f"{place}:{line}")
    return dict(sorted(found.items()))


def load(path: Path = CATALOGUE) -> Catalog:
    """The catalogue as it stands, empty when there is none."""
    if not path.exists():
        return Catalog(locale="en")
    return read_po(io.BytesIO(path.read_bytes()), locale="en", abort_invalid=True)


def english(catalogue: Catalog, entry: Entry) -> tuple[str, ...]:
    """The forms of an entry's translation; an empty one where it is missing."""
    message = catalogue.get(entry.text, entry.context or None)
    string: Any = message.string if message else ""
    # A text that was given a plural, or lost it, keeps the form that it had.
    forms = (string,) if isinstance(string, str) else tuple(string)
    wanted = 2 if entry.plural else 1
    return (*forms, *[""] * wanted)[:wanted]


def merged(entries: dict[Entry, list[str]], old: Catalog) -> str:
    """The catalogue's new text."""
    new = Catalog(locale="en")
    for entry in entries:
        forms = english(old, entry)
        message = old.get(entry.text, entry.context or None)
        new.add(
            entry.key,
            forms if entry.plural else forms[0],
            user_comments=message.user_comments if message else (),
            context=entry.context or None,
        )
    written = io.BytesIO()
    write_po(written, new, width=0, no_location=True, omit_header=True, ignore_obsolete=True)
    return HEADER + written.getvalue().decode().strip("\n") + "\n"


def main() -> None:
    """Bring the catalogue up to date and say what it lacks."""
    entries, old = collect(), load()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(merged(entries, old), encoding="utf-8", newline="\n")
    missing = [(places[0], entry.text) for entry, places in entries.items() if "" in english(old, entry)]
    for place, text in sorted(missing):
        print(f"{place}: {text}")
    print(f"{len(entries)} texts, {len(missing)} without English")


if __name__ == "__main__":
    main()
