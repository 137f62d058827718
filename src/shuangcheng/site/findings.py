"""What an examination of an installation found: good, a problem, or not checked."""

from dataclasses import dataclass
from typing import Literal

from shuangcheng.site.sentences import Sentence


@dataclass(frozen=True)
class Finding:
    """The outcome of one check, with what to do when it is a problem."""

    outcome: Literal["good", "problem", "skipped"]
    what: Sentence
    remedy: Sentence | None = None


def good(zh: str, en: str) -> Finding:
    return Finding("good", Sentence(zh=zh, en=en))


def problem(what: Sentence, remedy: Sentence | None = None) -> Finding:
    return Finding("problem", what, remedy)


def skipped(zh: str, en: str) -> Finding:
    return Finding("skipped", Sentence(zh=zh, en=en))
