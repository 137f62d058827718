"""Where an organisation may lie."""

from datetime import datetime

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _

from .actor import Actor
from .models import Division
from .policy import may
from .terms import SIDES


def side_of(division: Division | None) -> str:
    """The side on whose territory a division lies."""
    return SIDES.get(division.province_code, "other") if division else "other"


def place_fits(division: Division, *, now: str = "", by: Actor, at: datetime) -> None:
    """An organisation lies in a division that there is today, and comes to a side (`now` its own) by its officers."""
    if side_of(division) != now and not may(by, "organisation.create", side_of(division)):
        text = _("“%(place)s”不在您的管理范围内，请由对方教育行政部门登记。")
        raise refusal("other_side", text, where="division", why=Why.FORBIDDEN, place=division.name)
    if division.valid_until and division.valid_until < at.date():
        successor = Division.objects.filter(code=division.successor_code).newest_first().first()
        text = _("“%(place)s”（%(old)s）已于 %(day)s 撤销，请填写现行的区划。")
        if successor:
            text = _("“%(place)s”（%(old)s）已于 %(day)s 撤销，请改填“%(successor)s”（%(new)s）。")
        raise refusal(
            "division_ended", text, where="division", place=division.name, old=division.code,
            day=division.valid_until, successor=successor, new=division.successor_code,
        )  # fmt: skip
