"""Writes the pages of docs/ that come from the code itself: python tools/docs.py."""

import sys
from collections.abc import Callable, Iterable
from inspect import getdoc
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "src"))

SETTINGS = """# Settings

Made by `tools/docs.py` from `src/shuangcheng/site/config.py`; do not edit.

Settings come from the environment. A file that holds the value may be named instead, by the setting's name and `_FILE`;
a file with a secret must not be open to other users. An unknown name, a value of the wrong form or an unsafe
combination stops the node before it serves, with every reason.

"""
REGISTERS = """# Registers

Made by `tools/docs.py` from `src/shuangcheng/core/registers/`; do not edit.

What is released is the fields asked for, less what the agreement between the two authorities leaves out, less what the
purpose does not need. A question is exactly one of the sets of fields named here.

"""
LETTERS = """# Letters

Made by `tools/docs.py` from `src/shuangcheng/core/letters/`; do not edit.

A letter is a JWS in its general JSON form: `payload` holds canonical JSON (RFC 8785), each signature a header with
`alg` (`Ed25519`, `SM2`), `kid` (the JWK thumbprint) and `typ` (`shuangcheng-letter`). A body is canonical JSON with a
`salt` of sixteen random bytes and what the letter `says`; `body_hash` is its SHA-256. A private body is a compact JWE
(`ECDH-ES+A256KW` on X25519, `A256GCM`). A reply carries the SHA-256 of the payload that it answers. Each attempt to
send a letter has its own `nonce`, `iat` and `exp`, five minutes apart, around the same `jti`.

"""
PROCEDURES = """# Procedures

Made by `tools/docs.py` from `src/shuangcheng/core/procedures/`; do not edit.

Days are working days. A deadline beyond the announced holidays is provisional and computed again when they are known.

"""
ATTACKS = """## Refusals

A node answers each of these broken letters with this code; `tests/vectors/letters` holds one of each.

"""


def table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    lines = (" | ".join(str(cell).replace("|", "\\|") for cell in line) for line in (head, *rows))
    first, *rest = (f"| {line} |\n" for line in lines)
    return "".join([first, "|" + "---|" * len(head) + "\n", *rest])


def listed(names: Iterable[str]) -> str:
    """Names as code, one after the other."""
    return ", ".join(f"`{name}`" for name in names)


def labels(choices: Iterable[Any]) -> str:
    """The Chinese words for members of a closed list."""
    return "、".join(choice.label for choice in choices)


def told(module: str) -> str:
    """What a declaration's file says that it is."""
    return str(sys.modules[module].__doc__).strip()


def settings() -> str:
    """The page of settings."""
    from shuangcheng.site.config import settings_table

    rows = ((f"`{name}`", kind, f"`{default}`" if default else "", meaning)
            for name, kind, default, meaning in settings_table())  # fmt: skip
    return SETTINGS + table(("Setting", "Value", "Default", "Meaning"), rows)


def fields(model: Any, depth: int = 0) -> list[tuple[str, str, str]]:
    """Name, title and whether it must be given of each field, those of models inside it below."""
    rows = []
    for name, field in model.model_fields.items():
        rows.append((f"{'· ' * depth}`{name}`", field.title or "", "yes" if field.is_required() else ""))
        for inner in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if hasattr(inner, "model_fields"):
                rows += fields(inner, depth + 1)
    return rows


FIELDS = ("Field", "Title", "Required")


def registers() -> str:
    """The page of registers."""
    from shuangcheng.core.registers import REGISTERS as DECLARED

    parts = [REGISTERS]
    for each in DECLARED.values():
        grants = (
            (purpose.label, listed(grant.fields), labels(grant.bases), labels(grant.askers))
            for purpose, grant in each.purposes.items()
        )
        parts.append(
            f"## {each.name} {each.title}\n\n{told(each.record.__module__)}\n\n"
            f"Questions: {'; '.join(listed(question) for question in each.questions)}. "
            f"Key: `{each.key}`. {'Stored encrypted: ' + listed(each.secret) + '.' if each.secret else 'Public.'}\n\n"
            f"{table(FIELDS, fields(each.record))}\n"
            f"{table(('Purpose', 'Fields that it may see', 'Legal bases', 'Who may ask'), grants)}\n"
            f"On no match: {each.no_match}\n\n"
        )
    return "".join(parts).rstrip("\n") + "\n"


def letters() -> str:
    """The page of letters: the envelope, each type, the refusals."""
    from shuangcheng.core.attacks import ATTACKS as BROKEN
    from shuangcheng.core.letter import Envelope
    from shuangcheng.core.letters import LETTERS as DECLARED

    parts = [LETTERS, "## The envelope\n\n", table(FIELDS, fields(Envelope)), "\n"]
    for name, each in DECLARED.items():
        traits = ["private" if each.private else "public", f"at most {each.largest // 1024} KiB"]
        traits += ["names purpose, legal basis, fields and agreement"] if each.asks else []
        traits += ["carries the digest of the letter answered"] if each.answers else []
        parts.append(f"## {name} {each.title}\n\n{told(each.body.__module__)} It is {'; '.join(traits)}.\n\n")
        parts.append(f"{getdoc(each.body)}\n\n{table(FIELDS, fields(each.body))}\n")
    refusals = ((f"`{attack.name}`", attack.title, f"`{attack.code}`") for attack in BROKEN)
    return "".join([*parts, ATTACKS, table(("Letter", "What is wrong", "Refusal"), refusals)])


def procedures() -> str:
    """The page of procedures."""
    from shuangcheng.core.procedures import PROCEDURES as DECLARED

    parts = [PROCEDURES]
    for each in DECLARED.values():
        parts.append(f"## {each.name} {each.title}\n\n{told(f'shuangcheng.core.procedures.{each.name}')}\n\n")
        rows = []
        for name, step in each.steps.items():
            days = f"{step.days} + {step.extension}" if step.extension else step.days or ""
            ways = "; ".join(
                f"{way.title} → `{way.to}`" + (f" ({listed(way.documents)})" if way.documents else "")
                for way in step.ways.values()
            )
            rows.append((f"`{name}` {step.title}", step.side.label, days, ways))
        parts.append(table(("Step", "Whose turn", "Days", "Ways out (and what they need)"), rows) + "\n")
    return "".join(parts).rstrip("\n") + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings, "registers.md": registers, "letters.md": letters, "procedures.md": procedures,
}  # fmt: skip

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
        print(f"docs/{name}")
