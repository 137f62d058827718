"""Policy documents from a terminal: what the reader finds in a file, as JSON or as a list for people."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from shuangcheng.core.files import Kind, Limits, check_size, extract_text, inspect
from shuangcheng.core.outcome import Message, Refused
from shuangcheng.core.policy import NOTHING, Comparator, Document, Role, Target, TargetKind, read

LIMITS = Limits()
SIGNS = {
    Comparator.EQ: "",
    Comparator.GE: "不低于 ",
    Comparator.LE: "不超过 ",
    Comparator.APPROX: "约 ",
    Comparator.RANGE: "",
}
ROLES = {
    Role.LEAD: "牵头",
    Role.RESPONSIBLE: "负责",
    Role.PARTNER: "配合",
    Role.PARTICIPANT: "参与",
    Role.GUIDE: "指导",
}


@click.group("plan")
def plan() -> None:
    """Policy documents and the lists made from them."""


@plan.command("extract")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write DIR/<file stem>.json instead.")
def extract(files: tuple[Path, ...], out: Path | None) -> None:
    """Read policy documents: sections, measures, targets, responsible bodies."""
    refused = 0
    for file in files:
        try:
            text, warnings = _text(file)
        except Refused as reasons:
            for objection in reasons.objections:
                click.echo(str(objection.message), err=True)
            refused += 1
            continue
        for warning in warnings:
            click.echo(f"{file.name}：{warning}", err=True)
        documents = read(text)
        if not documents:
            click.echo(str(Message(NOTHING, {"name": file.name})), err=True)
            refused += 1
            continue
        if out is None:
            click.echo("\n\n".join("\n".join(_listed(document)) for document in documents))
            continue
        out.mkdir(parents=True, exist_ok=True)
        shown = json.dumps({"documents": [as_json(document) for document in documents]}, ensure_ascii=False, indent=1)
        (out / f"{file.stem}.json").write_text(shown + "\n", encoding="utf-8")
    raise SystemExit(1 if refused else 0)


def _text(file: Path) -> tuple[str, tuple[Message, ...]]:
    """The text of a file; a web page that was saved with the name of a text file is read as the page it is."""
    check_size(name=file.name, size=file.stat().st_size, limits=LIMITS)
    data = file.read_bytes()
    try:
        inspected = inspect(name=file.name, data=data, limits=LIMITS)
    except Refused as refused:
        if not (file.suffix.lower() in (".txt", ".md") and refused.objections[0].code == "file.disagrees"):
            raise
        inspected = inspect(name=f"{file.stem}.{Kind.HTML}", data=data, limits=LIMITS)
    extracted = extract_text(inspected=inspected, data=data, limits=LIMITS)
    return extracted.text, (*inspected.warnings, *(one for one in extracted.warnings if one not in inspected.warnings))


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_json(document: Document) -> dict[str, Any]:
    """A document in the form of the issue's JSON; sections are named by their place in the list, from 0."""
    return {
        "kind": document.kind, "title": document.title, "notice_title": document.notice_title or None,
        "issuers": list(document.issuers), "doc_number": document.doc_number,
        "date_issued": document.date_issued.isoformat() if document.date_issued else None,
        "source": document.source or None, "doubts": list(document.doubts),
        "sections": [
            {"level": s.level, "number": s.number, "title": s.title, "run_in": s.run_in, "start": s.start, "end": s.end}
            for s in document.sections
        ],
        "measures": [
            {"text": m.text, "section": m.section, "start": m.start, "end": m.end, "doubts": list(m.doubts)}
            for m in document.measures
        ],
        "targets": [_target(target) for target in document.targets],
        "bodies": [
            {"text": b.text, "name": b.name, "role": b.role, "section": b.section, "span": b.span}
            | {"start": b.start, "end": b.end, "doubts": list(b.doubts)}
            for b in document.bodies
        ],
        "named": [
            {"text": n.text, "kind": n.kind, "section": n.section, "start": n.start, "end": n.end}
            for n in document.named
        ],
        "past_figures": [
            {"quote": p.quote, "section": p.section, "start": p.start, "end": p.end} for p in document.past_figures
        ],
    }  # fmt: skip


def _target(target: Target) -> dict[str, Any]:
    return {
        "quote": target.quote, "value": _number(target.value), "value_max": _number(target.value_max),
        "unit": target.unit, "comparator": target.comparator, "deadline": target.deadline, "subject": target.subject,
        "kind": target.kind, "in_table": target.in_table, "number_in_words": target.in_words,
        "baseline": _number(target.baseline), "baseline_year": target.baseline_year, "section": target.section,
        "start": target.start, "end": target.end, "doubts": list(target.doubts),
    }  # fmt: skip


def _listed(document: Document) -> Iterator[str]:
    """A document as lines for a reader."""
    yield document.title or "（没有标题）"
    about = ["、".join(document.issuers), document.doc_number, str(document.date_issued or ""), document.source]
    yield "　".join(part for part in about if part)
    yield from (f"存疑：{doubt}" for doubt in document.doubts)
    for index, section in enumerate(document.sections):
        yield f"{'　' * (section.level - 1)}{section.number}{section.title}"
        indent = "　" * section.level
        for target in (target for target in document.targets if target.section == index):
            yield f"{indent}指标：{_told(target)}"
        leads = [f"{ROLES[body.role]}：{body.name}" for body in document.bodies if body.section == index]
        if leads:
            yield f"{indent}{'　'.join(leads)}"
    counts = (len(document.sections), len(document.measures), len(document.targets), len(document.bodies))
    yield "共 {} 个章节，{} 条任务，{} 项指标，{} 处责任单位。".format(*counts)


def _told(target: Target) -> str:
    upper = f"—{_number(target.value_max)}" if target.value_max is not None else ""
    by = f"（{target.deadline} 年）" if target.deadline else "（常设要求）" if target.kind is TargetKind.NORM else ""
    doubts = "".join(f"［存疑：{doubt}］" for doubt in target.doubts)
    figure = f"{SIGNS[target.comparator]}{_number(target.value)}{upper} {target.unit}"
    return f"{target.subject or target.quote} {figure}{by}{doubts}"
