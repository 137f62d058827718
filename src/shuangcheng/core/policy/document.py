"""From a text to the documents in it."""

from collections.abc import Sequence

from ..text import _
from .bodies import read_bodies
from .claims import convenes
from .compilation import Part, article_title, split
from .deadlines import planned_years
from .headings import Heading, outline
from .measures import read_measures
from .metadata import read_metadata
from .named import read_named
from .shapes import Document, DocumentKind, Section, Target
from .signing import read_date
from .tables import in_tables, read_rows
from .targets import read_targets
from .text import Cleaned, Paragraph, clean

NOTHING = _("“%(name)s”里没有读到正文，可能只有目录或页码。请核对后重新上传。")
NO_SECTIONS = _("没有认出章节，请核对是否为完整的政策文件。")
ONLY_CONTENTS = _("只读到目录，没有正文。请上传全文。")
BROKEN_SEQUENCE = _("有的编号不连续，可能缺页，或者有的行不是标题。")


def read(text: str) -> list[Document]:
    """The documents in `text`, in order: one, or each article of a compilation; none in a text without letters.

    Every offset counts characters of `text`. Raises nothing: what cannot be read with certainty is in `doubts`.
    """
    cleaned = clean(text)
    if not cleaned.paragraphs:
        return []
    return [_document(part, cleaned) for part in split(cleaned.paragraphs)]


def _document(part: Part, cleaned: Cleaned) -> Document:
    paragraphs = part.paragraphs
    about = read_metadata(paragraphs, cleaned.fields)
    body = paragraphs[about.begin : about.end]
    headings, strays = outline(body)
    sections = _sections(body, headings)
    policy = bool(sections) and bool(about.doc_number or about.issuers or len(sections) > 3)
    title = about.title
    if not policy and part.source:
        title = article_title(paragraphs)[0] or title
    years = planned_years(title)
    dated = about.date_issued or read_date(cleaned.fields.get("刊载日期", ""))
    now = dated.year if dated else years[0] if years else None
    parents = [section.parent for section in sections]
    tables = in_tables(body)
    told = not policy or convenes(title)
    found = read_targets(body, headings, parents, tables=tables, now=now, article=told)
    doubts = list(about.doubts)
    if len(headings) >= len(body) if headings else cleaned.contents:
        doubts.append(ONLY_CONTENTS)
    elif not sections:
        doubts.append(NO_SECTIONS)
    if strays:
        doubts.append(BROKEN_SEQUENCE)
    return Document(
        start=paragraphs[0].start,
        end=paragraphs[-1].end,
        kind=DocumentKind.POLICY if policy else DocumentKind.ARTICLE,
        title=title,
        notice_title=about.notice_title,
        issuers=about.issuers,
        doc_number=about.doc_number,
        date_issued=about.date_issued,
        source=part.source,
        sections=sections,
        measures=read_measures(body, headings, parents, tables=tables),
        targets=(*found.targets, *read_rows(body, tables, _section_of(body, headings)), *_attached(part, about.end)),
        bodies=read_bodies(body, headings),
        named=read_named(body, headings),
        past_figures=tuple(found.past),
        doubts=tuple(doubts),
    )


def _attached(part: Part, end: int) -> tuple[Target, ...]:
    """What the tables of attachments behind the signature promise."""
    rest = part.paragraphs[end:]
    return tuple(read_rows(rest, in_tables(rest), [None] * len(rest)))


def _section_of(body: Sequence[Paragraph], headings: Sequence[Heading]) -> list[int | None]:
    """The section of each paragraph."""
    found: list[int | None] = []
    position = -1
    for index in range(len(body)):
        while position + 1 < len(headings) and headings[position + 1].index <= index:
            position += 1
        found.append(position if position >= 0 else None)
    return found


def _sections(body: Sequence[Paragraph], headings: Sequence[Heading]) -> tuple[Section, ...]:
    """The headings with their places, and the text under each."""
    sections: list[Section] = []
    above: list[int] = []
    for position, made in enumerate(headings):
        after = headings[position + 1] if position + 1 < len(headings) else None
        paragraph = body[made.index]
        start, end = paragraph.place(0, made.end)
        body_start = paragraph.place(made.end, len(paragraph.text))[0] if made.end < len(paragraph.text) else end
        last = body[after.index].start if after else body[-1].end
        while above and sections[above[-1]].level >= made.level:
            above.pop()
        parent = above[-1] if above else None
        above.append(len(sections))
        sections.append(
            Section(
                start=start,
                end=end,
                level=made.level,
                number=made.number,
                title=made.title,
                run_in=made.run_in,
                body_start=body_start,
                body_end=max(last, body_start),
                parent=parent,
            )
        )
    return tuple(sections)
