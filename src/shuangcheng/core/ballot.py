"""Counting a council's vote: quorum first, then majority.

Usual in the charters of Chinese associations (民政部 社会团体章程示范文本, the articles on the council 理事会): two
thirds of the council must take part, and more than a set part of the votes for and against must be for. An abstention
counts for the quorum only.
"""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """How a vote came out."""

    PASSED = "passed"
    FAILED = "failed"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True)
class Count:
    """Votes of a council of `council` members; `quorum_percent` of them must vote, `majority_percent` be exceeded."""

    council: int
    yes: int
    no: int
    abstained: int
    quorum_percent: int = 67
    majority_percent: int = 50

    @property
    def cast(self) -> int:
        """Votes handed in."""
        return self.yes + self.no + self.abstained

    @property
    def needed(self) -> int:
        """Votes needed for the quorum, rounded to the nearest: 67 % of 3 members are 2, as two thirds are."""
        return max(1, (self.council * self.quorum_percent + 50) // 100)

    @property
    def result(self) -> Result:
        """The result if the vote were closed now."""
        if self.cast < self.needed:
            return Result.NO_QUORUM
        exceeds = self.yes * 100 > (self.yes + self.no) * self.majority_percent
        return Result.PASSED if exceeds else Result.FAILED

    @property
    def settled(self) -> bool:
        """Whether every member has voted, so that nothing can change the result."""
        return self.cast >= self.council
