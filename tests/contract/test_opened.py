"""Opening is verifying: what is proof of a verification is handed over in the verifying modules only."""

import ast

from tests.contract.source import PACKAGE, Module, modules

VERIFIERS = {
    "core/agreement.py", "core/checkpoint.py", "core/consent.py", "core/guest.py", "core/letter.py", "core/manifest.py"
}  # fmt: skip


def hands_over(module: Module) -> bool:
    """Whether it names the proof, under whatever name it was imported."""
    names = {node.attr if isinstance(node, ast.Attribute) else node.name for node in ast.walk(module.tree)
             if isinstance(node, ast.Attribute | ast.alias)}  # fmt: skip
    return "VERIFIED" in names


def test_only_the_verifying_modules_hand_the_proof_over() -> None:
    assert {module.name for module in modules() if hands_over(module)} == VERIFIERS


def test_each_opens_with_a_function_and_makes_its_thing_once() -> None:
    for name in VERIFIERS:
        module = Module(PACKAGE / name)
        makers = [name for name, function in module.functions if "verified=VERIFIED" in ast.unparse(function)]
        assert len(makers) == 1, name
        assert makers[0].startswith("open_"), name
