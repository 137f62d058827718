"""Every background job closes the connection of its thread: a worker has no end of a request to do it."""

import ast

from tests.contract.source import modules

TASKS = {
    f"{module.name}:{name}": [ast.unparse(decorator) for decorator in function.decorator_list]
    for module in modules()
    for name, function in module.functions
    if any(ast.unparse(decorator).startswith("app.task(") for decorator in function.decorator_list)
}


def test_every_task_has_its_own_connection() -> None:
    assert len(TASKS) > 6
    assert [name for name, decorators in TASKS.items() if decorators[-1] != "own_connection()"] == []
