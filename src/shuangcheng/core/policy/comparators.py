"""At least, at most, about: the words around a number that say how it is to be compared."""

import re
from collections.abc import Sequence

from .numbers import Quantity
from .shapes import Comparator

_AFTER = re.compile(r"(?:个|余|名)?(?:(?P<over>及?以上|之上)|(?P<about>左右|上下)|(?P<within>以内|之内|以下|之下))")
_GE = re.compile(
    r"(?:不[低少小短]于|至少|超过?|突破|大于|(?<!不)(?<!不得)高于|(?<!不)(?<!不得)多于|逾|不得[低少]于|最[低少]|[>≥])"
    r"(?:达到|[^，；\d]{1,25}的)?$|(?:至少|不[低少]于)[^，；\d]{1,8}$"
)
_LE = re.compile(
    r"(?:不(?:得)?超过|不得?[高多大长]于|(?<!不)(?<!不得)[低少小]于|控制在|限制在|最[高多]|[<≤])(?:[^，；\d]{1,25}的)?$"
)
_NEAR = 48
_ABOUT = re.compile(r"(?:大?约|接近|近)(?:为)?$")


def comparator(masked: str, one: Quantity, run: Sequence[Quantity]) -> Comparator:
    """The word after the number counts before the word in front of it; the numbers of a run share both."""
    if one.value_max is not None:
        return Comparator.RANGE
    if around := _AFTER.match(masked[one.end :]) or _AFTER.match(masked[run[-1].end :]):
        return Comparator.GE if around["over"] else Comparator.APPROX if around["about"] else Comparator.LE
    before, shared = (masked[max(0, place - _NEAR) : place] for place in (one.start, run[0].start))
    for pattern, meaning in ((_LE, Comparator.LE), (_GE, Comparator.GE), (_ABOUT, Comparator.APPROX)):
        if pattern.search(before) or pattern.search(shared):
            return meaning
    return Comparator.GE if one.over else Comparator.EQ
