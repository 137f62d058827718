"""Opening is verifying: a thing that exists only as the return value of the function that verified it."""

from dataclasses import InitVar, dataclass

VERIFIED = object()
"""What only the functions that verify hand over."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Base of what was verified: nobody makes one by hand or changes one."""

    verified: InitVar[object]

    def __post_init__(self, verified: object) -> None:
        if verified is not VERIFIED:
            raise TypeError(f"{type(self).__name__} is made only by the function that verifies it")
