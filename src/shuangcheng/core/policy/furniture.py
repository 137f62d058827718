"""What pages and websites put around a text: page numbers, running titles, tables of contents, catalogue data."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

_CN = "一二三四五六七八九十百零〇○0-9"
_PLAIN = re.compile(
    rf"""\s*(?:
    https?://\S+ |
    (?:原文)?(?:链接|网址|地址)\s*[:：]?\s*(?:https?://\S+|无)? |
    \d{{1,4}}\s*/\s*\d{{1,4}} |
    [-—–―_·•.\s]*\d{{1,4}}[-—–―_·•.\s]* |
    第\s*[{_CN}]+\s*页(?:\s*[,，/]?\s*共\s*[{_CN}]+\s*页)? |
    \d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s*\S.{{0,40}})? |
    (?:字体|字号)\s*[:：].{{0,20}} | 【?\s*字体.{{0,20}} | 分享到?\s*[:：]?.{{0,20}} | 扫一扫.{{0,20}} |
    打印本页.{{0,20}} | 关闭窗口 |
    北大法宝.{{0,60}} | 当前位置\s*[:：].{{0,60}} | 首页\s*[>》].{{0,60}} |
    浏览(?:次数|量)\s*[:：].{{0,20}} | (?:责任)?编辑\s*[:：]\s*\S{{2,10}} | \[?\s*(?:打印|关闭|下载|收藏).{{0,20}} |
    (?:\s*[-–—]\s*){{3,}}
    )\s*""",
    re.VERBOSE,
)
_MASTHEAD = re.compile(
    r"(?=.*(?:版|要闻|责编|编辑|校对|特刊|专题|日报|晚报)).{0,30}?(\d{4}年\d{1,2}月\d{1,2}日)[\s/|]*星期[一二三四五六日天][^。，：]{0,60}"
)
_LEADER = re.compile(r"(?:[.．·•…‥]\s*){4,}\s*[-—–(（]?\s*\d*\s*[-—–)）]?\s*\d{0,2}$|…{2,}\s*\d*$|\t\s*\d{1,3}$")
_ENTRY = re.compile(r"\s*[^。，；]{2,60}\s\d{1,3}\s*")
_CONTENTS = re.compile(r"\s*(?:#+\s*)?目\s*[录次]\s*")
_CLOSED = "。！？；："
_RESPONSIBLE = re.compile(r"牵头|责任|负责|配合|单位[:：]|部门[:：]")
_ENUMERATED = re.compile(
    r"\s*(?:#|[(（]?[一二三四五六七八九十]+[)）、]|[(（]?\d+[)）.．、]|第[一二三四五六七八九十]+|[-—●])"
)
_GLUED = re.compile(r"\s?(\d{1,3})(?=[^\d\s.．,，、%％:：/年月日个名项所家万亿千百余多倍至到—–~～-])")
_PROSE = re.compile(r"[，。！？；：]")
_LONGEST = 400
_NEAR, _FAR = 6, 90  # physical lines between two page numbers

_KEYS = """
索引号 主题分类 主题词 分类 体裁分类 组配分类 信息分类 名称 标题 发文机关 制发机关 发文字号 文号 文件编号 成文日期
发布日期 发布时间 发文日期 发布机构 信息来源 来源 生成日期 有效性 公开方式 公开日期 实施日期 生效日期 失效日期
废止日期 文档类型 原文链接 文件名称 发布单位 效力级别 时效性 法宝引证码
"""
_SPACED = "|".join(r"\s*".join(key) for key in sorted(_KEYS.split(), key=len, reverse=True))
_FIELD = re.compile(rf"(?:^|(?<=[\s\t|\[【>]))(?:[-*]\s*)?[\[【]?\**\s*({_SPACED})\s*\**[\]】]?\**\s*[:：\]】]\**")


def fields(line: str) -> dict[str, str] | None:
    """The catalogue data that a website prints beside a document; None if `line` is none."""
    if len(line) > _LONGEST:
        return None
    found = list(_FIELD.finditer(line))
    if not found or line[: found[0].start()].strip(" \t|[【-*>"):
        return None
    values = {}
    for here, after in zip(found, [*found[1:], None], strict=True):
        value = line[here.end() : after.start() if after else None].strip(" \t|[]【】*")
        values[re.sub(r"\s", "", here.group(1))] = value
    return values


def masthead(line: str) -> dict[str, str]:
    """The date in the line over a newspaper's page; empty if `line` is none."""
    found = _MASTHEAD.fullmatch(line.strip()) if len(line) <= _LONGEST else None
    return {"刊载日期": found.group(1)} if found else {}


def dropped(lines: Sequence[str]) -> set[int]:
    """The indices of lines that are no part of the text; long lines always are one."""
    lines = [line if len(line) <= _LONGEST else "" for line in lines]
    out = {index for index, line in enumerate(lines) if line.strip() and _PLAIN.fullmatch(line)}
    out |= contents(lines)
    return out | _running_titles(lines, out)


def contents(lines: Sequence[str]) -> set[int]:
    """The lines of a table of contents that says where its pages are."""
    lines = [line if len(line) <= _LONGEST else "" for line in lines]
    found = {index for index, line in enumerate(lines) if _CONTENTS.fullmatch(line) or _LEADER.search(line.rstrip())}
    for index in [index for index in found if _CONTENTS.fullmatch(lines[index])]:
        while index + 1 < len(lines) and (not lines[index + 1].strip() or _ENTRY.fullmatch(lines[index + 1])):
            index += 1
            found.add(index)
    return found


def _running_titles(lines: Sequence[str], out: set[int]) -> set[int]:
    """Lines that come again at the edges of pages: near a page number, or in the middle of a sentence."""
    full = [index for index, line in enumerate(lines) if line.strip()]
    place = {index: position for position, index in enumerate(full)}
    groups: dict[str, list[int]] = defaultdict(list)
    for index in full:
        line = lines[index].strip()
        if index not in out and 4 <= len(line) <= 60 and not _PROSE.search(line) and not _ENUMERATED.match(line):
            groups[re.sub(r"[\d\s]+", "", line)].append(index)
    found: set[int] = set()
    for group in groups.values():
        if len(group) < 2 or _RESPONSIBLE.search(lines[group[0]]):
            continue
        near = sum(any(full[p] in out for p in (place[i] - 1, place[i] + 1) if 0 <= p < len(full)) for i in group)
        inside = sum(place[i] > 0 and _open(lines[full[place[i] - 1]]) for i in group)
        apart = all(place[b] - place[a] >= _NEAR for a, b in pairwise(group))
        if apart and (near >= max(2, len(group) / 2) or (len(group) >= 3 and inside >= 2)):
            found |= set(group)
    return found


def _open(line: str) -> bool:
    line = line.strip()
    return len(line) > 15 and line[-1] not in _CLOSED + "”）》"


def glued_page_numbers(lines: Sequence[str]) -> dict[int, int]:
    """By line index, how many leading characters are the number of a page that stuck to the text of the next."""
    candidates = [(i, int(m.group(1)), m.end()) for i, line in enumerate(lines) if (m := _GLUED.match(line))]
    best: list[tuple[int, int | None]] = []
    for position, (index, number, _end) in enumerate(candidates):
        score, back = 1, None
        for earlier in range(position - 1, -1, -1):
            gap = index - candidates[earlier][0]
            if gap > _FAR:
                break
            if gap >= _NEAR and candidates[earlier][1] == number - 1 and best[earlier][0] + 1 > score:
                score, back = best[earlier][0] + 1, earlier
        best.append((score, back))
    if max((score for score, _back in best), default=0) < 4:
        return {}
    found: dict[int, int] = {}
    for position in sorted(range(len(best)), key=lambda p: -best[p][0]):
        chain: list[int] = []
        step: int | None = position
        while step is not None and candidates[step][0] not in found:
            chain.append(step)
            step = best[step][1]
        if len(chain) > 1:
            found |= {candidates[p][0]: candidates[p][2] for p in chain}
    return found
