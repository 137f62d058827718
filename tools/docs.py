"""Writes docs/settings.md from the settings themselves: python tools/docs.py."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "docs" / "settings.md"
HEAD = """# Settings

Made by `tools/docs.py` from `src/shuangcheng/site/config.py`; do not edit.

Settings come from the environment. A file that holds the value may be named instead, by the setting's name and `_FILE`;
a file with a secret must not be open to other users. An unknown name, a value of the wrong form or an unsafe
combination stops the node before it serves, with every reason.

| Setting | Value | Default | Meaning |
|---|---|---|---|
"""


def settings() -> str:
    """The page of settings."""
    sys.path.insert(0, str(ROOT / "src"))
    from shuangcheng.site.config import settings_table

    rows = (
        f"| `{name}` | {kind} | {f'`{default}`' if default else ''} | {meaning.replace('|', chr(92) + '|')} |\n"
        for name, kind, default, meaning in settings_table()
    )
    return HEAD + "".join(rows)


if __name__ == "__main__":
    SETTINGS.write_text(settings(), encoding="utf-8", newline="\n")
    print(SETTINGS.relative_to(ROOT))
