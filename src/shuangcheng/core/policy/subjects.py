"""What a quantity counts: the words before its verb, or the noun after the number."""

import re
from collections.abc import Sequence

from . import claims
from .numbers import Quantity, quantities
from .sentences import Clause, Sentence

_LEAD = re.compile(
    r"^(?:(?:到|至|在|于)?20\d\d年(?:年?[底末])?前?[、和]?|[一二三四五六七八九十\d]+年内|其中|力争|推动|推进|确保|实现|使|全面|并|争取|预计|同时|"
    r"进一步|均|分别|总体)+[，：]?"
)
_VERB = re.compile(
    r"(?:[均总分](?:体|别)?|年均|力争|累计)*(?:达到?|超过?|突破|不[低少高多]于|不超过|至少|提高到?|提升[到至]?|上升到?|增加到?|增[长至]|"
    r"扩大[到至]?|下降到?|降[低至到]+|减少|(?:控制|稳定|保持|维持)在|实现|完成|占|约|近|为|缩短至|压减)+(?:约|近|到|至)?$"
)
_OWN = re.compile(r"(?:其中)?(?:20\d\d年)?")
_BASELINE = re.compile(r"(?:从|由)[^，从由]*$|在20\d\d年|[比较]20\d\d年")


def subject(sentence: Sentence, run: Sequence[Quantity], number: int, clause: Clause) -> str:
    """The words for what the `number`-th quantity of a run counts; empty when the clause does not say."""
    before = sentence.masked[clause.begin : run[0].start]
    verb = _VERB.search(before)
    lead = _LEAD.match(before)
    first = lead.end() if lead else 0
    if (comma := before.rfind("、")) > 0 and re.search(r"\d", before[:comma].rpartition("、")[2]):
        own = _OWN.match(before, comma + 1)
        first = own.end() if own else first
    if verb and verb.start() > first:
        stop = _BASELINE.search(before, first, verb.start())
        shown = sentence.raw(clause.begin + first, clause.begin + (stop.start() if stop else verb.start()))
        return _share(shown, number, len(run)).strip("，、")
    if noun := _noun(sentence.masked, run[number], clause.end):
        return sentence.raw(*noun).strip(" 、和及")
    if not _LEAD.sub("", before[: verb.start()] if verb else before) and clause.begin:
        begin = sentence.masked[: clause.begin - 1].rfind("，") + 1
        counted = [q for q in quantities(sentence.masked[begin : clause.begin - 1]) if q.unit == run[0].unit]
        if counted:
            return _built(sentence, begin, begin + counted[0].start)
        return sentence.raw(begin, clause.begin - 1).strip("，； ")
    return _built(sentence, clause.begin, run[0].start)


def _built(sentence: Sentence, begin: int, end: int) -> str:
    """The words right before a number at `end`, behind the verb that says what is done."""
    earlier = re.split(r"[、，；：]|左右|以上", sentence.masked[begin:end])[-1]
    lead = _LEAD.match(earlier)
    action = claims.BUILDS.search(earlier, lead.end() if lead else 0)
    plain = earlier[action.end() :] if action and action.start() <= 6 else earlier
    return sentence.raw(end - len(plain), end)


def _noun(masked: str, one: Quantity, end: int) -> tuple[int, int] | None:
    """The noun after a number: up to the next number of the clause, behind the last 的."""
    around = re.match(r"(?:及?以上|左右|以内|上下)?", masked[one.end : end])
    start = one.end + (around.end() if around else 0)
    rest = masked[start:end]
    parted = re.search(r"[、和及]", rest)
    following = next((q.start for q in quantities(rest) if q.start > parted.start()), None) if parted else None
    if following is not None:
        rest = rest[: max(rest[:following].rfind(mark) for mark in "、和及")]
    rest = rest.split("（")[0]
    last = rest.rpartition("的")[2]
    kept = last if len(last) >= 2 else rest
    start += len(rest) - len(kept)
    return (start, start + len(kept)) if len(kept) >= 2 and kept[0] not in "、，；）和及" else None


def _share(shown: str, number: int, count: int) -> str:
    """The part of “种植、收获机械化率” that the n-th number is about."""
    parts = re.split(r"[、和与及]", shown)
    if count < 2 or len(parts) != count or not all(parts):
        return shown
    if parts[number][-1] == parts[-1][-1] and number < count - 1:
        return parts[number]
    # What differs is two characters long, as names of crops, places and levels mostly are.
    return parts[number] + parts[-1][2:] if number < count - 1 else parts[0][:-2] + parts[-1]
