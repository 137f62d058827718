"""Whole documents by other hands, labelled before they were read: nothing promised is missed, nothing else proposed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shuangcheng.core.files import Limits, extract_text, inspect
from shuangcheng.core.policy import Document, Target, read
from tests.core.policy_samples import VECTORS

READINGS = sorted((VECTORS / "readings").glob("*.json"))


def reading(wanted: Path) -> Document:
    """The first document in the file beside its labels."""
    source = next(path for path in wanted.parent.glob(f"{wanted.stem}.*") if path.suffix != ".json")
    data, limits = source.read_bytes(), Limits()
    return read(
        extract_text(inspected=inspect(name=source.name, data=data, limits=limits), data=data, limits=limits).text
    )[0]


def flat(text: str | None) -> str:
    return re.sub(r"[\s*|]", "", text or "").translate(
        str.maketrans("０１２３４５６７８９％：；（），", "0123456789%:;(),")
    )


def same(wanted: dict[str, Any], found: Target) -> bool:
    """Whether a label and a target speak of the same quantity in the same words; rows are told by their figures."""
    if float(found.value) != float(wanted["value"]) or found.unit != wanted["unit"]:
        return False
    mine, theirs = flat(found.quote), flat(wanted["quote"])
    return mine in theirs or theirs in mine or (found.in_table and wanted.get("in_table", False))


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.stem)
def test_its_parts_are_read(path: Path) -> None:
    wanted, found = json.loads(path.read_text(encoding="utf-8")), reading(path)
    assert flat(found.title) == flat(wanted["title"])
    assert (list(found.issuers), found.doc_number) == (wanted["issuers"], wanted["doc_number"])
    assert (found.date_issued.isoformat() if found.date_issued else None) == wanted["date_issued"]
    assert [(s.level, s.number, flat(s.title)) for s in found.sections] == [
        (s["level"], s["number"], flat(s["title"])) for s in wanted["sections"]
    ]


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.stem)
def test_its_targets_are_read(path: Path) -> None:
    wanted, left = json.loads(path.read_text(encoding="utf-8")), list(reading(path).targets)
    for label in wanted["targets"]:
        found = next((target for target in left if same(label, target)), None)
        assert found, f"missed: {label}"
        left.remove(found)
        told = (found.value_max and float(found.value_max), found.comparator, found.deadline, found.in_table)
        assert told == (
            label.get("value_max"), label["comparator"], label["deadline"], label.get("in_table", False),
        ), label  # fmt: skip
    ignored = [flat(words) for words in wanted["other_quantities"]]
    assert [t.quote for t in left if not any(words in flat(t.quote) for words in ignored)] == []
