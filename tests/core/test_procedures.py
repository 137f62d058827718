"""Joint procedures: whose turn it is, what must be handed in, and until when in working days."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core import calendar
from shuangcheng.core.outcome import Refused
from shuangcheng.core.procedure import Procedure, Side, State, Step, Way, advance, begin, days_left, extend, recomputed
from shuangcheng.core.procedures import PROCEDURES

CORRECTION = PROCEDURES["correction"]
MONDAY = date(2026, 11, 23)
PATH = [
    ("accept", Side.HOLDER, []),
    ("correct", Side.HOLDER, ["corrected_record"]),
    ("confirm", Side.ASKER, []),
]


def played(*steps: tuple[str, Side, list[str]], on: date = MONDAY) -> State:
    state = begin(CORRECTION, on=on)
    for way, side, documents in steps:
        state = advance(CORRECTION, state, way=way, side=side, documents=documents, on=on)
    return state


def reasons(state: State, way: str, side: Side, *documents: str, on: date = MONDAY) -> list[str]:
    with pytest.raises(Refused) as refused:
        advance(CORRECTION, state, way=way, side=side, documents=documents, on=on)
    assert all(str(objection).endswith("。") for objection in refused.value.objections)
    return [objection.code for objection in refused.value.objections]


def test_a_record_is_corrected() -> None:
    assert [played(*PATH[:count]).step for count in range(4)] == ["raised", "verifying", "confirming", "corrected"]
    assert played(*PATH).due is None
    assert days_left(played(*PATH), today=MONDAY) is None


def test_the_holder_has_ten_working_days() -> None:
    state = played(PATH[0], on=date(2026, 9, 24))
    assert state.due == date(2026, 10, 15), "without Mid-Autumn, National Day and weekends, with the make-up days"
    assert calendar.between(date(2026, 9, 24), date(2026, 10, 15)) == 10
    assert days_left(state, today=date(2026, 10, 16)) == -1


def test_a_dispute_goes_to_consultation() -> None:
    state = played(PATH[0], ("uphold", Side.HOLDER, ["reasons"]), ("dispute", Side.ASKER, ["reasons"]))
    assert state.step == "consultation"
    for side in (Side.ASKER, Side.HOLDER):
        assert advance(CORRECTION, state, way="uphold", side=side, documents=["minutes"], on=MONDAY).step == "upheld"


def test_what_cannot_be_done_is_refused() -> None:
    raised = begin(CORRECTION, on=MONDAY)
    assert reasons(raised, "accept", Side.ASKER) == ["not_your_turn"]
    assert reasons(raised, "decline", Side.HOLDER) == ["document_missing"]
    assert reasons(raised, "correct", Side.HOLDER) == ["no_such_way"]
    assert reasons(raised, "decline", Side.ASKER, on=date(2026, 11, 20)) == [
        "not_your_turn", "document_missing", "before_the_step",
    ]  # fmt: skip
    assert reasons(played(*PATH), "confirm", Side.ASKER) == ["closed"]


def test_a_deadline_is_prolonged_once_and_only_where_allowed() -> None:
    state = played(PATH[0])
    longer = extend(CORRECTION, state)
    assert state.due
    assert longer.due == calendar.add(state.due, 10)
    for wrong in (longer, begin(CORRECTION, on=MONDAY), played(*PATH)):
        with pytest.raises(Refused, match="不能再延期"):
            extend(CORRECTION, wrong)
    assert recomputed(CORRECTION, longer) == longer
    assert recomputed(CORRECTION, state) == state


def test_a_deadline_beyond_the_known_holidays_is_provisional() -> None:
    assert not played(PATH[0]).provisional
    later = calendar.KNOWN_UNTIL
    assert played(PATH[0], on=later).provisional
    guessed = State("verifying", MONDAY, date(2030, 1, 1), provisional=True)
    assert recomputed(CORRECTION, guessed) == played(PATH[0]), "computed anew from the day the step began"


@settings(deadline=None)
@given(st.data())
def test_every_case_comes_to_an_end(data: st.DataObject) -> None:
    """Whatever is chosen, a step with ways out has a deadline, and one without is the end."""
    state = begin(CORRECTION, on=MONDAY)
    for _turn in range(30):
        step = CORRECTION.steps[state.step]
        assert bool(step.ways) == (state.due is not None)
        if not step.ways:
            return
        name = data.draw(st.sampled_from(sorted(step.ways)))
        way = step.ways[name]
        side = Side.HOLDER if step.side is Side.BOTH else step.side
        state = advance(CORRECTION, state, way=name, side=side, documents=way.documents, on=MONDAY)
        assert state.step == way.to


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ({"a": Step("甲", Side.BOTH, 1, {"x": Way("c", "丙")})}, "leads to"),
        ({"a": Step("甲", Side.BOTH), "b": Step("乙", Side.BOTH)}, "nothing in"),
        ({"a": Step("甲", Side.BOTH, 0, {"x": Way("a", "甲")})}, "0 days"),
        ({"a": Step("甲", Side.BOTH, 3)}, "3 days"),
        ({"a": Step("甲", Side.BOTH, 1, {"x": Way("a", "甲", ("paper",))})}, "wants 'paper'"),
    ],
)
def test_a_procedure_that_cannot_work_stops_the_node(steps: dict[str, Step], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Procedure("p", "事项", "a", steps, documents={})
