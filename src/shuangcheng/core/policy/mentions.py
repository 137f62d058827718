"""Other documents that a document names: 《…》 with or without a document number, and what it does with them."""

import re
from dataclasses import dataclass
from enum import StrEnum

_NUMBER = r"[\u4e00-\u9fa5]{1,14}\s*[〔\[【［（(]\s*(?:19|20)\d\d\s*[〕\]】］）)]\s*第?\s*\d+\s*号"
_NAMED = re.compile(rf"《(?P<title>[^《》]{{4,120}}(?:〈[^〉]*〉[^《》]*)?)》(?:\s*[（(](?P<number>{_NUMBER})[）)])?")
_GENRE = re.compile(
    r"(?:规划纲要|规划|纲要|计划|方案|意见|办法|条例|规定|决定|决议|通知|细则|总体方案|协议|法|标准|指南|规则|目录|清单|要点)(?:[（(].*[）)])?$"
)
_IMPLEMENTS = re.compile(r"(?:落实|贯彻|执行|依据|根据|按照|对照|遵照)[^。；]{0,60}$")
_REPLACES = re.compile(r"^[^。；]{0,40}(?:同时废止|予以废止|停止执行|不再执行|废止)")


class Does(StrEnum):
    """What a document does with another."""

    CITES = "cites"
    IMPLEMENTS = "implements"
    REPLACES = "replaces"


@dataclass(frozen=True)
class Mention:
    """A document that is named, by its title as written and its number, empty without one."""

    title: str
    doc_number: str
    does: Does


def mentions(text: str, *, own: tuple[str, ...] = ()) -> list[Mention]:
    """The documents named in `text`, each once with the strongest of what is done with it; `own` titles are none."""
    flat = re.sub(r"\s+", "", text)
    mine = {re.sub(r"\s+", "", title) for title in own}
    found: dict[str, Mention] = {}
    for match in _NAMED.finditer(flat):
        title = match.group("title")
        if title in mine or not (_GENRE.search(title) or match.group("number")):
            continue
        does = _does(flat, match)
        known = found.get(title)
        number = (match.group("number") or "") or (known.doc_number if known else "")
        order = list(Does)
        strongest = max(does, known.does, key=order.index) if known else does
        found[title] = Mention(title, number, strongest)
    return list(found.values())


def _does(text: str, match: "re.Match[str]") -> Does:
    if _REPLACES.search(text[match.end() : match.end() + 60]):
        return Does.REPLACES
    if _IMPLEMENTS.search(text[max(0, match.start() - 60) : match.start()]):
        return Does.IMPLEMENTS
    return Does.CITES
