"""Who is to do something: brackets at the end of a measure, lines of units in charge, and their roles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..text import _
from .headings import Heading
from .shapes import Body, Role
from .text import Paragraph

PREFIX_RESTORED = _("单位名称承前省略了“市”“省”等字，已补全，请核对。")
LEAD_BY_ORDER = _("按文中“列第一位者为牵头单位”的说明认定为牵头单位。")
OPEN_LIST = _("文中以“等”字收尾，单位没有列全。")

_ROLE = (
    (Role.LEAD, r"牵头(?:负责)?|主办|总牵头|负总责"), (Role.PARTNER, r"配合|协办|协同|协助"),
    (Role.PARTICIPANT, r"参与|参加"), (Role.GUIDE, r"指导"), (Role.RESPONSIBLE, r"负责|责任|分工|落实|承担"),
)  # fmt: skip
_WORDS = "|".join(pattern for _role, pattern in _ROLE)
_BRACKET = re.compile(r"[(（\[【](?P<inside>[^()（）\[\]【】]*(?:[(（][^()（）]*[)）][^()（）\[\]【】]*)*)[)）\]】]")
_LABEL = re.compile(
    r"(?:(?P<role>牵头|主办|责任|负责|配合|参与|参加|协办|协同|指导|实施|主要|分管|协助)(?:责任|负责|实施|分工)?(?:单位|部门|处室|机构|主体|地区|人)|责任分工|任务分工|分工)\s*[:：]\s*"
)
_LINE = re.compile(rf"^[-—●*·\s(（\[【]*{_LABEL.pattern}(?P<rest>.+?)[)）\]】。]*$")
_UNIT = re.compile(
    r"(?:部|委|厅|局|办|办公室|委员会|政府|管委会|中心|院|行|署|总局|工会|联合会|妇联|团委|残联|科协|社科联|文联|侨联|工商联|高校|学校|院校|大学|单位|部门|公司|集团|"
    r"机构|企业|协会|学会|园区|街道|乡镇|区县|各区|各县|法院|检察院|海关|支队|总队|馆|社|台|台办|网信办|编办|党校|新区|开发区|各市|各地|地区|市州|院所|党委|党组)(?:等)?(?:[(（][^()（）]*[)）])?$"
)
_ORDER = re.compile(
    r"(?:列|排)(?:在)?第一位?(?:者|的)?(?:单位|部门)?为(?:牵头|主要责任)|第一个(?:单位|部门)为牵头|首位为牵头|排名第一的?为牵头"
)
_NAME = re.compile(r"(?:[^、，,;；\s（(]|[（(][^（）()]*[)）])+")
_ORDER_NOTE = re.compile(r"[（(][^（）()]*(?:第一|首位|下同)[^（）()]*[)）]")
_OPEN = re.compile(rf"等(?:部门|单位)?(?:按|分|共|{_WORDS}|[；。]|$)")
_TOWNLESS = re.compile(r"^(?:市(?!场)|省(?!际)|区(?!域)|县(?!域)|州|自治区)(?=[^\s各]).*[局委厅办](?:室|公室|员会)?$")
_COMPLETE = re.compile(
    r"^(?:各|有关|相关|国家|中央|中国|[\u4e00-\u9fa5]{2,5}[省市区县州](?!场))|^.{2,6}(?:人民)?政府$|管委会$|公司$|集团$|大学$|学院$"
)


@dataclass(frozen=True)
class _Span:
    """One responsibility at [start, end) of a paragraph; `label` when a word before the colon gives the role."""

    start: int
    end: int
    inside: str
    offset: int
    label: Role | None = None


def read_bodies(body: Sequence[Paragraph], headings: Sequence[Heading]) -> tuple[Body, ...]:
    """The bodies named as responsible, in order."""
    found: list[Body] = []
    by_index = {made.index: position for position, made in enumerate(headings)}
    section: int | None = None
    first_leads = False
    for index, paragraph in enumerate(body):
        section = by_index.get(index, section)
        for span in _spans(paragraph):
            first_leads = first_leads or _ORDER.search(span.inside) is not None
            named = list(_bodies(paragraph, span, section, first_leads=first_leads))
            if named and _OPEN.search(span.inside):
                named[-1] = replace(named[-1], doubts=(*named[-1].doubts, OPEN_LIST))
            found.extend(named)
    return tuple(found)


def spans(paragraph: Paragraph) -> list[tuple[int, int]]:
    """Where in a paragraph the responsible are named, so that a measure can be told without them."""
    return [(span.start, span.end) for span in _spans(paragraph)]


def _spans(paragraph: Paragraph) -> Iterator[_Span]:
    text = paragraph.text
    if line := _LINE.match(text):
        yield _Span(0, len(text), line.group("rest"), line.start("rest"), _role_of(line.group("role") or "责任"))
        return
    for match in _BRACKET.finditer(text):
        inside, offset = match.group("inside"), match.start("inside")
        tail = text[match.end() :].strip(" 。；;")
        names = _names(re.sub(rf"(?:{_WORDS}|等|按职责|分别|共同)+$", "", re.split("。", inside)[0]))
        said = re.search(rf"(?:{_WORDS})", inside) is not None and (
            _LABEL.search(inside) or any(map(_UNIT.search, names))
        )
        if said or (not tail and names and all(_UNIT.search(name) for name in names)):
            yield _Span(match.start(), match.end(), inside, offset)


def _names(text: str) -> list[str]:
    """Names between list commas, but not those inside brackets."""
    return [
        name
        for name in re.split(
            r"[、，,;；]|(?<=[局委厅部办])(?:和|及|以及|会同)(?=.)", re.sub(r"[(（][^()（）]*[)）]", "", text)
        )
        if name.strip()
    ]


def _role_of(word: str) -> Role:
    return next((role for role, pattern in _ROLE if re.search(pattern, word)), Role.RESPONSIBLE)


def _groups(span: _Span) -> Iterator[tuple[str, int, Role, bool]]:
    """The parts of a span that share a role: the list, its place, the role, and whether the role was said."""
    if span.label:
        yield span.inside, span.offset, span.label, span.label is not Role.RESPONSIBLE
        return
    labels = list(_LABEL.finditer(span.inside))
    if labels:
        for label, after in zip(labels, [*labels[1:], None], strict=True):
            rest = span.inside[label.end() : after.start() if after else None]
            yield rest, span.offset + label.end(), _role_of(label.group("role") or "责任"), True
        return
    for match in re.finditer(
        rf"(?P<list>[^，。；,;]+?)(?:等(?:部门|单位)?)?(?:按(?:照)?职责(?:分工)?|分别|共同|分工)*(?P<role>{_WORDS})[^，。；,;、]*|(?P<bare>[^，。；,;]+)",
        span.inside,
    ):
        if re.search(r"[列排]|首位|下同", match.group()) and not _UNIT.search(match.group("list") or ""):
            continue
        if match.group("role"):
            yield match.group("list"), span.offset + match.start("list"), _role_of(match.group("role")), True
        else:
            yield match.group("bare"), span.offset + match.start("bare"), Role.RESPONSIBLE, False


def _bodies(paragraph: Paragraph, span: _Span, section: int | None, *, first_leads: bool) -> Iterator[Body]:
    shown = paragraph.text[span.start : span.end]
    prefix = ""
    number = 0
    for listed, offset, role, said in _groups(span):
        for match in _NAME.finditer(_ORDER_NOTE.sub(lambda note: " " * len(note.group()), listed)):
            text = re.sub(rf"(?:等|(?:{_WORDS}))+$", "", match.group().strip("。：: ()（）"))
            if len(text) < 2 or _ORDER.search(text) or not (_UNIT.search(text) or said):
                continue
            start, end = paragraph.place(offset + match.start(), offset + match.start() + len(match.group()))
            if town := _TOWNLESS.match(text):
                prefix = "自治区" if text.startswith("自治区") else text[0]
            elided = (
                bool(prefix) and not town and not _COMPLETE.search(text) and re.search(r"[局委厅办]$", text) is not None
            )
            leads = first_leads and number == 0 and role is Role.RESPONSIBLE
            doubts = [doubt for doubt, given in ((PREFIX_RESTORED, elided), (LEAD_BY_ORDER, leads)) if given]
            number += 1
            yield Body(
                start=start, end=end, text=text, name=prefix + text if elided else text,
                role=Role.LEAD if leads else role, span=shown, section=section, doubts=tuple(doubts),
            )  # fmt: skip
