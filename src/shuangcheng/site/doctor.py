"""What is wrong with an installation, told to the person who runs it: a line for each check, and what to do."""

from collections.abc import Callable, Iterator

import click

from shuangcheng.site import checks_database, checks_machine, safety
from shuangcheng.site.config import Settings, SettingsError
from shuangcheng.site.findings import Finding, good, problem
from shuangcheng.site.sentences import Language, Sentence

MARKS = {
    "good": Sentence(zh="正常", en="ok         "),
    "problem": Sentence(zh="问题", en="PROBLEM    "),
    "skipped": Sentence(zh="未查", en="not checked"),
}
CHECKS: list[Callable[[Settings], Iterator[Finding]]] = [
    checks_machine.folder,
    checks_machine.key_files,
    checks_machine.clock,
    checks_machine.time_zones,
    checks_machine.port,
    checks_machine.translations,
    checks_database.database,
]


def findings() -> Iterator[Finding]:
    """Look at everything that can be looked at; without usable settings that is only the settings."""
    try:
        settings = safety.load()
    except SettingsError as error:
        yield from map(problem, error.problems)
        return
    yield good("设置可用", "The settings can be used")
    for check in CHECKS:
        try:
            yield from check(settings)
        except OSError as error:
            # A file that this user may not even look at.
            yield problem(
                Sentence(
                    zh=f"{error.filename} 看不了（{error.strerror}）",
                    en=f"{error.filename} cannot be looked at ({error.strerror})",
                ),
                Sentence(zh="请用运行节点的那个用户执行 doctor。", en="Run the doctor as the user who runs the node."),
            )


def examine(*, language: Language) -> int:
    """Print every finding as it is made; return 1 when there was a problem."""
    problems = 0
    for finding in findings():
        problems += finding.outcome == "problem"
        click.echo(f"{MARKS[finding.outcome].text(language)}  {finding.what.text(language)}")
        if finding.remedy:
            click.echo(f"      {finding.remedy.text(language)}")
    summary = Sentence(zh=f"发现 {problems} 个问题。", en=f"Problems found: {problems}.") if problems else NONE
    click.echo(summary.text(language))
    return 1 if problems else 0


NONE = Sentence(zh="没有发现问题。", en="No problem was found.")
