"""Title, issuers, number and date of a document, and where its own text begins and ends.

The parts of an official document and their order are those of GB/T 9704-2012 (党政机关公文格式): issuer's mark,
document number, title, addressees, body, attachments' note, signature and date, then notes and the printing line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..text import _
from .decrees import Decree, read_decree
from .headings import starts_heading
from .organs import ORGAN, ORGAN_TAIL, organs
from .signing import DATE, Signature, read_date, signatures
from .text import Paragraph

NO_TITLE = _("没有认出标题，请核对。")
NO_ISSUER = _("没有认出发文机关，请补充。")
ABBREVIATED = _("标题中的发文机关用了“等”字，文中没有找到完整的落款，请补全。")
DATE_DISAGREES = _("落款日期与网页上的成文日期不一致，已采用落款日期。")

_GENRE = (
    "通知|意见|方案|计划|规划|纲要|办法|决定|细则|措施|要点|清单|指南|规定|条例|报告|批复|函|公告|通告|命令|令|行动|规程|标准|目标|"
    "建议|任务|分工|制度|章程|协议|备忘录|决议|公报|通报|请示|议案|纪要|安排|政策|举措|指引|导则|规范|工程|路线图|目录|指导意见"
)
_TITLE_TAIL = r"(?:[(（][^()（）]{1,24}[)）])?"
_IS_TITLE = re.compile(rf".*(?:{_GENRE}){_TITLE_TAIL}$")
_ISSUED_AS = re.compile(
    r"(?:印发|转发|发布|公布|批转|下发|颁布)(?:[^《》]{0,12}?《(?P<quoted>.{4,80}?)》(?=的?(?:通知|决定|公告|令|意见|函|$))"
    r"|(?P<bare>[^《》]{4,60})(?=的(?:通知|决定|公告|函)))"
)
_NUMBER = (
    r"[\u4e00-\u9fa5]{1,14}(?:\s?[\u4e00-\u9fa5]{1,6})?"
    r"[〔\[【［(（﹝]\s*(?:19|20)\d\d\s*[〕\]】］)）﹞]\s*第?\s*\d+\s*号"
)
_OWN_NUMBER = re.compile(rf"[(（]?\s*(?:发文字号|文号|文件编号)?\s*[:：]?\s*(?P<number>{_NUMBER})\s*[)）]?")
_TITLE_NUMBER = re.compile(rf"(?P<title>.+(?:{_GENRE}))\s*[(（]?(?P<number>{_NUMBER})[)）]?")
_TIMES = r"第[一二三四五六七八九十\d]+"
_PASSED = re.compile(
    rf"(?P<place>[\u4e00-\u9fa5]{{2,10}}?){_TIMES}届人民代表大会(?P<standing>常务委员会)?{_TIMES}次会议(?:审议)?(?:批准|通过)"
)
_DECREE = re.compile(r"(?:日|（|^)(?P<who>[\u4e00-\u9fa5]{2,20})令\s?(?:第\s?\d+\s?号)")
_AGENCY = re.compile(r"(?:近日|日前)，(?P<who>[^，。]{2,60}?)(?:联合)?(?:印发|发布|出台)了?《(?P<title>[^》]{4,60})》")
_AFTER = re.compile(
    r"(?:抄\s?送|主\s?送|分\s?送)[:：]|.{2,30}办公[厅室]\s?.{0,6}\d{4}年\d{1,2}月\d{1,2}日印发|附\s?件(?:\s?\d+)?[:：]?$|"
    r"附件\d*[:：].{2,60}$|[(（]?\s*此件(?:公开|依申请|主动|不予).{0,8}[)）]?|[(（]?(?:联系|咨询)(?:人|电话|方式)|"
    r"相关(?:链接|新闻|稿件|阅读|文件)|【?(?:政策解读|文件下载|责任编辑)|责任编辑|扫一扫|(?:附|解读|下载|备注|注)[:：]"
)
_LONGEST_TITLE = 200
_ADDRESSEES = re.compile(r".{2,}[:：]$")


@dataclass(frozen=True)
class Metadata:
    """What the parts around the body say; the body is paragraphs [begin, end)."""

    title: str
    begin: int
    end: int
    notice_title: str = ""
    issuers: tuple[str, ...] = ()
    doc_number: str | None = None
    date_issued: date | None = None
    doubts: tuple[str, ...] = field(default=())


def read_metadata(paragraphs: Sequence[Paragraph], fields: Mapping[str, str]) -> Metadata:
    """The metadata of one document; `fields` is catalogue data of its web page."""
    if decree := read_decree(paragraphs):
        return _by_decree(paragraphs, decree)
    first = next((i for i, p in enumerate(paragraphs) if _begins_body(p)), min(len(paragraphs), 40))
    signed = signatures(paragraphs)
    title, lines = _title(paragraphs, first)
    title = title or re.sub(r"\s", "", fields.get("标题", "") or fields.get("名称", ""))
    if not title and (agency := _agency(paragraphs)):
        title = agency.group("title")
    number = _number(paragraphs[: max(first, lines)], fields)
    issued = _ISSUED_AS.search(_flat(title))
    notice, begin = "", lines
    if issued:
        plan = issued.group("quoted") or issued.group("bare")
        if at := _plan_title(paragraphs, plan, after=lines):
            notice, title, begin = title, at[2], at[1]
        elif issued.group("quoted"):
            notice, title = title, plan
    elif signed and (at := _attached_title(paragraphs, signed[0], first)):
        notice, title, begin = title, at[2], at[1]
    own = [s for s in signed if not notice or s.begin < begin] or signed
    signature = own[0] if notice and own else (own[-1] if own else None)
    end = _end(paragraphs, begin, signature)
    issuers, doubts = _issuers(paragraphs, title=notice or title, signature=signature, fields=fields)
    dated = signature.dated if signature else None
    catalogued = read_date(fields.get("成文日期", ""))
    if dated and catalogued and dated != catalogued:
        doubts = (*doubts, DATE_DISAGREES)
    dated = dated or catalogued or _passed_date(paragraphs[: max(first, 1)]) or _last_date(paragraphs)
    if not title:
        doubts = (*doubts, NO_TITLE)
    return Metadata(_tidy(title), begin, end, _tidy(notice), issuers, number, dated, doubts)


def _by_decree(paragraphs: Sequence[Paragraph], decree: Decree) -> Metadata:
    """A decree tells all but the text; that begins under its own title, or at its first article."""
    at = _plan_title(paragraphs, decree.title, after=1)
    articles = (i for i, p in enumerate(paragraphs) if starts_heading(p.text))
    begin = at[1] if at else next(articles, 0)
    return Metadata(
        _tidy(at[2] if at else decree.title), begin, _end(paragraphs, begin, None), _tidy(decree.heading),
        organs(decree.issuer) or (decree.issuer,), decree.doc_number, decree.dated,
    )  # fmt: skip


def _head(paragraphs: Sequence[Paragraph]) -> str:
    """The first words of a document."""
    return "".join(p.text[:_LONGEST_TITLE] for p in paragraphs[:8])


def _agency(paragraphs: Sequence[Paragraph]) -> re.Match[str] | None:
    """How a news agency tells who has issued what."""
    return _AGENCY.search(_head(paragraphs))


def _flat(text: str) -> str:
    return re.sub(r"\s", "", text)


def _tidy(title: str) -> str:
    return title.strip(" ：:*#")


def _begins_body(paragraph: Paragraph) -> bool:
    return starts_heading(paragraph.text) or (paragraph.half.count("。") >= 1 and len(paragraph.half) > 40)


def _title(paragraphs: Sequence[Paragraph], first: int) -> tuple[str, int]:
    """The first title in the head, put together from its lines, and the paragraph after it."""
    for begin in range(min(first, len(paragraphs))):
        joined = ""
        for end in range(begin, min(begin + 5, first)):
            line = paragraphs[end].text
            if _not_title(line) or (joined and _ADDRESSEES.fullmatch(line)):
                break
            joined += (
                " " if ORGAN_TAIL.search(joined) and ORGAN.search(line[:30]) and not joined.startswith("关于") else ""
            ) + line
            whole = _TITLE_NUMBER.fullmatch(joined)
            if whole or (_IS_TITLE.fullmatch(joined) and len(joined) >= 6 and _balanced(joined)):
                while end + 1 < first and _more_title(joined, paragraphs[end + 1].text):
                    end += 1
                    joined += paragraphs[end].text
                return (whole.group("title") if whole else joined), end + 1
    plain = next((i for i in range(min(first, len(paragraphs))) if not _not_title(paragraphs[i].text)), None)
    return (paragraphs[plain].text, plain + 1) if plain is not None else ("", 0)


def _not_title(line: str) -> bool:
    return len(line) > _LONGEST_TITLE or bool(
        _OWN_NUMBER.fullmatch(line) or re.fullmatch(r"附\s?件\s?\d*[:：]?", line) or "。" in line
        or re.search(r"[:：].*\.(?:md|docx?|pdf|txt)$|^(?:基本信息|文档|首页)|文件$", line) or DATE.fullmatch(line)
    )  # fmt: skip


def _more_title(so_far: str, line: str) -> bool:
    """A bracket of years or status, or the rest of a title that only seemed to be over."""
    if re.fullmatch(r"[(（][^()（）]{1,24}[)）]", line) and not re.search(r"\d+号|批准|通过|公布|月\d+日", line):
        return True
    return bool(re.match(r"和|及|与|的(?:通知|决定|公告|意见|函)", line)) and _IS_TITLE.fullmatch(line) is not None


def _balanced(text: str) -> bool:
    return text.count("《") == text.count("》") and text.count("“") == text.count("”")


def _plan_title(paragraphs: Sequence[Paragraph], plan: str, *, after: int) -> tuple[int, int, str] | None:
    """Where the plan's own title stands after the notice: first and next paragraph, and the title as it stands."""
    wanted = _flat(plan).translate(str.maketrans("－—–~～", "-----", ""))
    bare = re.sub(r"[(（].*[)）]$", "", wanted)
    for begin in range(after, len(paragraphs)):
        joined = ""
        for end in range(begin, min(begin + 5, len(paragraphs))):
            joined += paragraphs[end].text
            flat = re.sub(r"-+", "-", _flat(joined).translate(str.maketrans("－—–~～", "-----")))
            if flat in (re.sub(r"-+", "-", wanted), bare):
                while end + 1 < len(paragraphs) and flat == bare and _more_title(joined, paragraphs[end + 1].text):
                    end += 1
                    joined += paragraphs[end].text
                return begin, end + 1, joined
            if not wanted.startswith(flat[:4]) or len(flat) > len(wanted) + 2:
                break
    return None


def _attached_title(paragraphs: Sequence[Paragraph], signature: Signature, first: int) -> tuple[int, int, str] | None:
    """The title of a plan that follows the signature of a short notice which does not name it in its own title."""
    if signature.end >= len(paragraphs) or signature.begin > 25 or first < signature.begin - 12:
        return None
    rest = paragraphs[signature.end : signature.end + 8]
    title, lines = _title(rest, len(rest))
    following = paragraphs[signature.end + lines :]
    if not title or not _IS_TITLE.fullmatch(title) or not any(starts_heading(p.text) for p in following[:12]):
        return None
    return signature.end, signature.end + lines, title


def _number(head: Sequence[Paragraph], fields: Mapping[str, str]) -> str | None:
    for paragraph in head:
        if match := _OWN_NUMBER.fullmatch(paragraph.text):
            return _flat(match.group("number"))
        if "《" not in paragraph.text.rsplit("通知", 1)[-1] and (match := _TITLE_NUMBER.fullmatch(paragraph.text)):
            return _flat(match.group("number"))
    listed = fields.get("发文字号") or fields.get("文号") or ""
    return _flat(listed) if re.search(r"\d+\s*号", listed) else None


def _end(paragraphs: Sequence[Paragraph], begin: int, signature: Signature | None) -> int:
    """Where the body ends: at its signature, or where the foreign matter after it begins."""
    end = signature.begin if signature and signature.begin > begin else len(paragraphs)
    while end > begin and (_AFTER.match(paragraphs[end - 1].text) or _signature_line(paragraphs[end - 1])):
        end -= 1
    apart = next(
        (i for i in range(begin + 1, end) if _AFTER.match(paragraphs[i].text) and _listed(paragraphs[i:end])), None
    )
    return end if apart is None else apart


def _listed(rest: Sequence[Paragraph]) -> bool:
    """Whether all that follows is a list of files, links or notes, and no text of the document."""
    return len(rest) < 40 and all(len(p.text) < 80 and "。" not in p.text for p in rest)


def _signature_line(paragraph: Paragraph) -> bool:
    return bool(DATE.fullmatch(paragraph.half)) or bool(organs(paragraph.text))


def _issuers(
    paragraphs: Sequence[Paragraph], *, title: str, signature: Signature | None, fields: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Signature, then title, then the approving congress, the agency's report, the catalogue."""
    if signature:
        return signature.issuers, ()
    head = re.match(r"(?P<who>[^《》]{2,80}?)\s?(?:关于|印发|转发)", title)
    if head and "等" not in head.group("who") and (names := organs(head.group("who"))):
        return names, ()
    start = _head(paragraphs)
    if passed := _PASSED.search(re.sub(r".*?日", "", _flat(start))) or _PASSED.search(_flat(start)):
        return (f"{passed.group('place')}人民代表大会{passed.group('standing') or ''}",), ()
    if order := _DECREE.search(start):
        return (order.group("who"),), ()
    if (agency := _agency(paragraphs)) and (names := organs(agency.group("who"))):
        return names, ()
    listed = tuple(
        name for name in re.split(r"[\s、，,;；]+", fields.get("发文机关", "") or fields.get("制发机关", "")) if name
    )
    if listed:
        return listed, ()
    return (), (ABBREVIATED if head and "等" in head.group("who") else NO_ISSUER,)


def _passed_date(head: Sequence[Paragraph]) -> date | None:
    """The date in the line under the title: alone in brackets, or with who passed it."""
    alone = next((p.half for p in head[:8] if re.fullmatch(rf"（{DATE.pattern}）", p.half)), None)
    if alone:
        return read_date(alone)
    start = _head(head)
    found = re.search(rf"{DATE.pattern}[^。]{{0,40}}(?:批准|通过|公布|印发)", _flat(start))
    return read_date(found.group()) if found else None


def _last_date(paragraphs: Sequence[Paragraph]) -> date | None:
    """A date that stands alone at the end, where nobody signed."""
    return next((read_date(p.half) for p in reversed(paragraphs[-3:]) if DATE.fullmatch(p.half)), None)
