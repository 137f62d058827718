"""Correcting a record that seems wrong 校核纠错 (政务数据共享条例): its holder has ten working days to verify it."""

from ..procedure import Procedure, Side, Step, Way
from ..text import _

PROCEDURE = Procedure(
    name="correction",
    title=_("校核纠错"),
    first="raised",
    steps={
        "raised": Step(
            _("待受理"), Side.HOLDER, days=2,
            ways={
                "accept": Way("verifying", _("受理")),
                "ask_more": Way("incomplete", _("退回补正"), ("notice",)),
                "decline": Way("contested", _("不予受理"), ("reasons",)),
            },
        ),
        "incomplete": Step(
            _("待补正"), Side.ASKER, days=5,
            ways={"complete": Way("raised", _("补正"), ("evidence",)), "withdraw": Way("withdrawn", _("撤回"))},
        ),
        "verifying": Step(
            _("核实中"), Side.HOLDER, days=10, extension=10,
            ways={
                "correct": Way("confirming", _("更正"), ("corrected_record",)),
                "uphold": Way("contested", _("维持原记录"), ("reasons",)),
            },
        ),
        "confirming": Step(
            _("待确认"), Side.ASKER, days=5,
            ways={
                "confirm": Way("corrected", _("确认更正")),
                "dispute": Way("consultation", _("仍有异议"), ("reasons",)),
            },
        ),
        "contested": Step(
            _("待提出方答复"), Side.ASKER, days=5,
            ways={
                "agree": Way("upheld", _("同意结论")),
                "dispute": Way("consultation", _("仍有异议"), ("reasons",)),
            },
        ),
        "consultation": Step(
            _("双方会商"), Side.BOTH, days=15,
            ways={
                "correct": Way("corrected", _("会商后更正"), ("minutes", "corrected_record")),
                "uphold": Way("upheld", _("会商后维持"), ("minutes",)),
            },
        ),
        "corrected": Step(_("已更正"), Side.HOLDER),
        "upheld": Step(_("已维持原记录"), Side.HOLDER),
        "withdrawn": Step(_("已撤回"), Side.ASKER),
    },
    documents={
        "evidence": _("证明材料"),
        "notice": _("补正通知"),
        "reasons": _("理由说明"),
        "corrected_record": _("更正后的记录"),
        "minutes": _("会商纪要"),
    },
)  # fmt: skip
