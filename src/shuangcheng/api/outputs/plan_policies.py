"""Answers about policy documents, their texts and clauses, and what is handed in."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext
from pydantic import Field

from shuangcheng.core.policy import DocumentKind
from shuangcheng.core.policy.difference import Fate, Pair
from shuangcheng.core.policy.packing import unpack
from shuangcheng.core.table import unpack as unpack_message
from shuangcheng.directory import terms as directory
from shuangcheng.plan import terms
from shuangcheng.plan.models import Clause, Intake, Item, Policy, PolicyLink, PolicyVersion

from ..asked import say
from .base import Output, Page, Ref


class PolicyOut(Output):
    """A policy document 政策文件."""

    id: UUID = Field(description="Its id.")
    title: str = Field(description="Its title.")
    issuers: list[str] = Field(description="Who issued it 发文机关, as printed.")
    doc_number: str = Field(description="Document number 发文字号, or empty.")
    issued: date | None = Field(description="Day of signing 成文日期.")
    published: date | None = Field(description="Day of publication 公开日期.")
    state: terms.PolicyState = Field(description="Whether it holds. Drafts are for officers.")
    lapses: date | None = Field(description="Last day on which it holds.")
    side: terms.Sides = Field(description="For whom it holds.")
    field: directory.Field = Field(description="Its field 领域.")
    remark: str = Field(description="A remark, or empty.")
    source: str = Field(description="Where it comes from.")
    invented: bool = Field(description="Whether it was made up for a demonstration.")
    version: int = Field(description="Name it when changing the document; grows with each change.")

    @classmethod
    def each(cls, row: Policy) -> "PolicyOut":
        """The answer about a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class PolicyPage(Page[PolicyOut]):
    """A page of policy documents."""


class PolicyLinkOut(Output):
    """What a document does with another."""

    id: UUID = Field(description="Its id.")
    kind: terms.LinkKind = Field(description="What it does.")
    title: str = Field(description="The other document, as written.")
    doc_number: str = Field(description="Its number, or empty.")
    policy: Ref | None = Field(description="The other document, when it is in the library.")

    @classmethod
    def each(cls, row: PolicyLink, *, other: Policy | None) -> "PolicyLinkOut":
        """The answer about a row; `other` when the reader may see it."""
        seen = Ref(id=other.id, name=other.title) if other else None
        return cls(id=row.id, kind=row.kind, title=row.title, doc_number=row.doc_number, policy=seen)


class PolicyLinks(Output):
    """How a document hangs together with others."""

    items: list[PolicyLinkOut] = Field(description="What it does with others.")
    linked_from: list[Ref] = Field(description="The documents that cite, implement or replace it.")


class TextOut(Output):
    """A text of a document; never changed."""

    number: int = Field(description="1 for the first.")
    text_sha256: str = Field(description="SHA-256 of the text with uniform line ends and no trailing space.")
    file_name: str = Field(description="Name of the file it came from, or empty.")
    note: str = Field(description="What it changes, or empty.")
    at: datetime = Field(description="When it was taken in.")

    @classmethod
    def each(cls, row: PolicyVersion) -> "TextOut":
        """The answer about a row."""
        return cls(**{name: getattr(row, name) for name in TextOut.model_fields})


class TextList(Output):
    """The texts of a document, the newest first."""

    items: list[TextOut] = Field(description="The texts.")


class ClauseOut(Output):
    """A clause 条款."""

    id: UUID = Field(description="Its id.")
    anchor: str = Field(description="The path of its numbers, the same in a later text; 0 before the first heading.")
    level: int = Field(description="1 at the top.")
    number: str = Field(description="As printed, or empty.")
    title: str = Field(description="Its heading, or empty.")
    text: str = Field(description="What stands under it, without lower clauses; one paragraph a line.")
    start: int = Field(description="Where it begins in the text.")
    end: int = Field(description="Where it ends in the text.")
    items: list[Ref] = Field(description="The items of the list that rest on it, as far as the reader sees them.")

    @classmethod
    def each(cls, row: Clause, items: list[Item]) -> "ClauseOut":
        """The answer about a row and the items that rest on it."""
        plain = {name: getattr(row, name) for name in cls.model_fields if name != "items"}
        return cls(**plain, items=[Ref(id=item.id, name=item.title) for item in items])


class ClauseList(Output):
    """The clauses of one text, in order."""

    number: int = Field(description="Number of the text.")
    items: list[ClauseOut] = Field(description="The clauses.")


class Change(Output):
    """What became of a clause."""

    fate: Fate = Field(description="What became of it.")
    anchor: str = Field(description="Its anchor in the newer text, of a removed one in the older.")
    title: str = Field(description="Its heading.")
    before: str | None = Field(description="Its words in the older text; null when it was added.")
    after: str | None = Field(description="Its words in the newer text; null when it was removed.")
    items: list[Ref] = Field(description="The items that rest on it.")

    @classmethod
    def each(cls, pair: Pair[Clause], resting: Mapping[str, list[Item]]) -> "Change":
        """The answer about a pair of clauses and the items by the anchor of the older."""
        old, new = pair.old, pair.new
        shown = new or old
        items = resting.get(old.anchor, []) if old else []
        return cls(
            fate=pair.fate, anchor=shown.anchor if shown else "", title=shown.title if shown else "",
            before=old.text if old else None, after=new.text if new else None,
            items=[Ref(id=item.id, name=item.title) for item in items],
        )  # fmt: skip


class TextDifference(Output):
    """What a text changes against the one before."""

    older: int = Field(description="Number of the older text.")
    newer: int = Field(description="Number of the newer text.")
    changes: list[Change] = Field(description="The clauses that are not the same, in the order of the newer text.")


class ArticleOut(Output):
    """A document that was read in what was handed in."""

    number: int = Field(description="Its place, from 0.")
    kind: DocumentKind = Field(description="What it is.")
    title: str = Field(description="The title that was read.")
    issuers: list[str] = Field(description="Who issued it.")
    doc_number: str = Field(description="Its number, or empty.")
    issued: date | None = Field(description="Day of signing.")
    sections: int = Field(description="How many headings were read.")
    measures: int = Field(description="How many measures.")
    targets: int = Field(description="How many targets.")
    doubts: list[str] = Field(description="What the reader was not certain of, in sentences.")
    policy: UUID | None = Field(description="The document it became, once it was taken in.")


class IntakeOut(Output):
    """A file or text that was handed in and read, and waits to be taken in."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Name of the file or text.")
    renews: UUID | None = Field(description="The document it is a newer text of.")
    warnings: list[str] = Field(description="What the reader of the file warns of, in sentences.")
    closed: bool = Field(description="Whether nothing of it waits any more.")
    by_name: str = Field(description="Who handed it in.")
    created_at: datetime = Field(description="When.")
    articles: list[ArticleOut] = Field(description="The documents in it.")

    @classmethod
    def each(cls, row: Intake) -> "IntakeOut":
        """The answer about a row."""
        return cls(
            id=row.id, name=row.name, renews=row.renews_id, closed=row.closed, by_name=row.by_name,
            created_at=row.created_at, warnings=[say(unpack_message(packed)) for packed in row.warnings],
            articles=[_article(row, number, reading) for number, reading in enumerate(row.readings)],
        )  # fmt: skip


def _article(row: Intake, number: int, reading: object) -> ArticleOut:
    found = unpack(reading)
    return ArticleOut(
        number=number, kind=found.kind, title=found.title, issuers=list(found.issuers),
        doc_number=found.doc_number or "", issued=found.date_issued, sections=len(found.sections),
        measures=len(found.measures), targets=len(found.targets), doubts=[gettext(doubt) for doubt in found.doubts],
        policy=row.taken.get(str(number)),
    )  # fmt: skip


class IntakePage(Page[IntakeOut]):
    """A page of what was handed in."""
