"""A filing as a page: a form for each item, read one by one, so that no good line waits for a bad one."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shuangcheng.core.outcome import Objection, Refused, Why
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.versions import CHANGED
from shuangcheng.plan.actions import filings
from shuangcheng.plan.inputs.filings import FilingInput, ItemLineInput, LineInput
from shuangcheng.plan.models import Filing, Item, Progress, Target

from .figures import parted, shown, with_figures
from .forms import Form
from .request import Request
from .say import say


@dataclass
class Part:
    """One item of the page: what the item tells now, what is said of it, and the evidence."""

    item: Any
    row: Progress | None
    targets: list[Target]
    form: "Form[Any]"
    files: list[Attachment] = field(default_factory=list)

    @property
    def upload(self) -> str:
        """The name under which files of the item are sent."""
        return f"file-{self.item.pk.hex}"

    @property
    def figures(self) -> list[tuple[Target, str]]:
        """What was told of the targets."""
        known = {str(target.pk): target for target in self.targets}
        told = self.row.figures if self.row else []
        return [(known[one["target"]], one["value"]) for one in told if one["target"] in known]


class Sheet:
    """The parts of a filing, and what was refused of it as a whole."""

    def __init__(self, request: Request, filing: Filing) -> None:
        self.request, self.filing = request, filing
        self.errors: list[str] = []
        # What was sent is shown again, even when the filing was shut meanwhile.
        items: Any = (
            filing.items(whole=request.method == "POST")
            .standing(request.at.date())
            .select_related("lead_cq", "lead_sc")
        )
        rows = {row.item_id: row for row in Progress.objects.visible_to(request.actor).filter(filing=filing)}
        self.parts = [self._part(item, rows.get(item.pk)) for item in items.prefetch_related("targets")]
        self.summary: Form[FilingInput] = Form(FilingInput, {"summary": filing.summary}, hide=("lines",))
        self._with_files({row.pk: row for row in rows.values()})

    def _part(self, item: Item, row: Progress | None) -> Part:
        targets = list(item.targets.all())
        initial: dict[str, Any] = {"told": item.told, "percent": item.percent}
        if row:
            initial = {name: getattr(row, name) for name in LineInput.model_fields} | shown(row.figures)
        return Part(item, row, targets, Form(with_figures(LineInput, targets), initial, prefix=f"i{item.pk.hex}-"))

    def _with_files(self, rows: "dict[UUID, Progress]") -> None:
        files = Attachment.objects.filter(subject_kind="progress", subject_id__in=rows) if rows else []
        for file in files:
            for part in self.parts:
                if part.row and part.row.pk == file.subject_id:
                    part.files.append(file)

    @property
    def wrong(self) -> bool:
        """Whether anything was refused."""
        return bool(self.errors) or self.summary.wrong or any(part.form.wrong for part in self.parts)

    @property
    def wrong_numbers(self) -> list[str]:
        """The numbers of the items of which something was refused."""
        return [part.item.number for part in self.parts if part.form.wrong]

    def read(self) -> FilingInput:
        """The lines that can be read; what cannot stands in its form with the reason."""
        lines: list[ItemLineInput] = []
        for part in self.parts:
            try:
                given, figures = parted(part.form.read(self.request), LineInput, part.targets)
            except Refused:
                continue
            lines.append(ItemLineInput.model_construct(item=str(part.item.pk), figures=figures, **given))
        summary: str | None = None
        with suppress(Refused):
            summary = self.summary.read(self.request).summary or ""
        return FilingInput.model_construct(summary=summary, lines=tuple(lines))

    def save(self, *, seen: int) -> bool:
        """Keep what can be read; returns whether the filing could be written in at all."""
        data = self.read()
        by, at = self.request.actor, self.request.at
        try:
            self.filing = filings.save(filing=self.filing, data=data, by=by, at=at, seen=seen)
        except Refused as refused:
            self.refuse(refused)
            return False
        return True

    def take_files(self) -> int:
        """Keep the files that were sent; what is refused stands at its item. Returns how many were kept."""
        kept = 0
        by, at = self.request.actor, self.request.at
        for part in self.parts:
            for file in self.request.FILES.getlist(part.upload):
                name, data = file.name or "", file.read()
                try:
                    filings.attach(filing=self.filing, item=str(part.item.pk), name=name, data=data, by=by, at=at)
                    kept += 1
                except Refused as refused:
                    part.form.errors += [say(objection.message) for objection in refused.objections]
        return kept

    def file(self) -> None:
        """File what was saved; what is in the way stands at its item."""
        try:
            filings.file(filing=self.filing, by=self.request.actor, at=self.request.at)
        except Refused as refused:
            self.refuse(refused)

    def refuse(self, refused: Refused) -> None:
        """Show each objection at its item and field, or above everything."""
        if refused.why in (Why.FORBIDDEN, Why.SIGN_IN):
            raise refused
        parts = {part.item.number: part for part in self.parts}
        for objection in refused.objections:
            number, _dot, name = objection.where.rpartition(".")
            if part := parts.get(number):
                part.form.refuse(Refused(Objection(objection.code, objection.message, name)))
            else:
                self.errors.append(say(objection.message))
            if objection.code == CHANGED:
                for form in (self.summary, *(part.form for part in self.parts)):
                    form.show_stored()
