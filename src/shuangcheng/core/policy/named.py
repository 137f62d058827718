"""Platforms and projects that a document calls by name."""

import re
from collections.abc import Sequence

from .headings import Heading
from .shapes import Named, NamedKind
from .text import Paragraph

_PLATFORMS = (
    "公共服务平台|云平台|平台|示范区|试验区|实验区|先行区|先导区|示范园|产业园|科学城|联盟|联合体|共同体|集团|研究院|研究中心|创新中心|"
    "服务中心|合作中心|实训基地|示范基地|论坛"
)
_PROJECTS = "工程|行动计划|计划|行动|项目|大赛|专项|攻坚战"
_VERBS = (
    "建设|创建|打造|组建|成立|设立|搭建|建好|建强|做强|共建|推进|实施|启动|开展|举办|筹建|完善|依托|支持|创办|推动|深化|参与|发挥|优化|"
    "统筹推进|联合开展|协同推进|加快推进|深入实施|组织实施"
)
_NAME = re.compile(
    rf"(?:{_VERBS})(?P<name>“?[\u4e00-\u9fa5A-Za-z0-9·+\-—“”（）()]{{4,36}}?"
    rf"(?:(?P<platform>{_PLATFORMS})|(?:{_PROJECTS})))(?=[，。；、）)”]|建设|等|$|和|与|及)"
)
_GENERAL = re.compile(
    r"^(?:一批|若干|一系列|各类|各级|各种|相关|有关|重大|重点|多个|更多|一个|一流|高水平|高能级|高质量|国家级|省级|市级|区域|专项|示范|公共|"
    r"综合|统一|\d|[一二三四五六七八九十]+[个项家所]|建设|推进|开展|支持|行业|创新$|具有|符合|以|由|集|面向|基于|条件)"
)
_VAGUE = re.compile(
    r"的|^.{0,4}(?:项目|工程|平台|中心|行动|计划|专项|基地|联盟)$|[和与及](?:项目|工程|平台)$|(?:纳入|列入|制定|编制)"
)


def read_named(body: Sequence[Paragraph], headings: Sequence[Heading]) -> tuple[Named, ...]:
    """The names, each once, where it first stands."""
    found: dict[str, Named] = {}
    by_index = {made.index: position for position, made in enumerate(headings)}
    section: int | None = None
    for index, paragraph in enumerate(body):
        section = by_index.get(index, section)
        for match in _NAME.finditer(paragraph.text):
            name = match.group("name")
            if name.count("“") != name.count("”"):
                name = name.strip("“”")
            if name in found or _GENERAL.match(name) or _VAGUE.search(name) or len(name) < 6:
                continue
            kind = NamedKind.PLATFORM if match.group("platform") else NamedKind.PROJECT
            start, end = paragraph.place(match.start("name"), match.end("name"))
            found[name] = Named(start=start, end=end, text=name, kind=kind, section=section)
    return tuple(found.values())
