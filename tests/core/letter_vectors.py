"""Writes the vectors of letters that are not there yet: python -m tests.core.letter_vectors.

A vector is never changed once it is released: a later node must go on answering it in the same way.
"""

import json
from pathlib import Path

from shuangcheng.core.attacks import ATTACKS
from shuangcheng.core.keys import Use
from tests.core.exchange_cast import CQ, NOW, SC, kit, private

FOLDER = Path(__file__).parent.parent / "vectors" / "letters"


def keep(name: str, values: dict[str, str]) -> None:
    path = FOLDER / f"{name}.json"
    if not path.exists():
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Two good letters, and one for each attack."""
    keep("world", {
        "desc": "Chongqing writes to Sichuan: their manifests, Sichuan's X25519 key, the time. Keys of tests only.",
        "cq": CQ.raw.decode(), "sc": SC.raw.decode(), "sc_seal": private("sc seal", Use.ENCRYPT).raw.hex(),
        "at": NOW.isoformat(),
    })  # fmt: skip
    held = kit()
    keep("good_notice", {"desc": "a good public letter", "letter": held.send(held.notice()).decode()})
    keep("good_lookup", {"desc": "a good private letter", "letter": held.send(held.lookup()).decode()})
    for attack in ATTACKS:
        keep(attack.name, {"desc": attack.title, "letter": attack.make(held).decode(), "wantErr": attack.code})


if __name__ == "__main__":
    main()
