"""Accept the API as it is now: write its description to the snapshot that the contract test compares with."""

import json
import os
from pathlib import Path

SNAPSHOT = Path(__file__).resolve().parent.parent / "tests" / "contract" / "snapshots" / "openapi.json"


def text() -> str:
    """The description as it stands in the snapshot: indented, keys in order, a line feed at the end."""
    from shuangcheng.api.mount import schema

    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write the snapshot, and say whether it changed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangcheng.site.django_settings")
    import django

    django.setup()
    before = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
    SNAPSHOT.write_text(text(), encoding="utf-8")
    print(f"{SNAPSHOT.name}: {'unchanged' if before == text() else 'written'}")


if __name__ == "__main__":
    main()
