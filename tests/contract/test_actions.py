"""Every action of the rooms: keyword-only, atomic, told who and when, with an audit line inside."""

import ast

import pytest

from tests.contract.source import modules

# Part of an action and called by actions only, in their transaction.
INSIDE_OTHERS = {"ballots.open_ballot"}
# Looks, checks or writes for actions, in the transaction and under the audit line of the action that calls it.
PARTS = {
    "approvals.complete",
    "bulk.look",
    "filings.remember",
    "filings.touch",
    "progress.uncount",
    "progress.apply",
    "progress.checked",
    "progress.drafted",
    "progress.put",
    "cases.keep_step",
    "cases.move",
}
# Leave a line of their own wherever they are called.
RECORDING = {"attachments.attach", "attachments.remove", "notices.tell"}
# Begins one action per thing, each in a transaction of its own and by a named part of the system.
BEGINS_OTHERS = {"ballots.close_overdue", "decisions.remind_by_itself", "peers.refresh_all"}

FUNCTIONS = {
    f"{module.path.stem}.{name}": function
    for module in modules("directory/actions", "exchange/actions", "registers/actions", "cases/actions", "plan/actions")
    for name, function in module.functions
    if isinstance(function, ast.FunctionDef) and "." not in name
}


def named(arguments: list[ast.arg]) -> dict[str, str]:
    return {argument.arg: ast.unparse(argument.annotation) if argument.annotation else "" for argument in arguments}


def atomic(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator).startswith("transaction.atomic") for decorator in function.decorator_list)


ACTIONS = {
    name: function
    for name, function in FUNCTIONS.items()
    if not name.split(".")[1].startswith("_")
    and name not in PARTS
    and (atomic(function) or {"by", "at"} & named([*function.args.args, *function.args.kwonlyargs]).keys())
}


def records(function: ast.FunctionDef) -> bool:
    calls = (ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call))
    return not RECORDING.union(["audit.record"]).isdisjoint(calls)


def helpers(function: ast.FunctionDef) -> set[str]:
    """The functions of the actions that it calls, which it does by their bare name."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    return {full for full in FUNCTIONS if full.split(".")[1] in names}


def leaves_a_line(function: ast.FunctionDef) -> bool:
    """Whether it calls `audit.record`, itself or through functions of the actions."""
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if records(one):
            return True
        new = helpers(one) - seen
        seen |= new
        waiting += [FUNCTIONS[name] for name in new]
    return False


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_told_who_and_when(name: str) -> None:
    function = ACTIONS[name]
    assert not function.args.args, "keyword-only"
    given = named(function.args.kwonlyargs)
    assert given.get("at") == "datetime"
    assert given.get("by") == "Actor" or name in BEGINS_OTHERS
    assert function.returns is not None


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_atomic(name: str) -> None:
    assert atomic(ACTIONS[name]) != (name in INSIDE_OTHERS | BEGINS_OTHERS), "or shorten the list"


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leaves_an_audit_line(name: str) -> None:
    assert leaves_a_line(ACTIONS[name])


def test_the_actions_were_found() -> None:
    assert len(ACTIONS) > 40
    assert ACTIONS.keys() >= INSIDE_OTHERS | BEGINS_OTHERS
    assert FUNCTIONS.keys() >= PARTS


def test_an_action_without_a_line_is_seen() -> None:
    [function] = ast.parse("def forget(*, by, at):\n    Thing.objects.create()\n").body
    assert isinstance(function, ast.FunctionDef)
    assert not leaves_a_line(function)
