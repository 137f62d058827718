"""A document into the library and a list, from a terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shuangcheng.cli.plan import plan as plans
from shuangcheng.plan.models import Intake, Plan, Policy
from tests import policy_samples as samples
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "示例.txt"
    made.write_text(samples.TEXT, encoding="utf-8")
    return made


def run(*arguments: object) -> Result:
    return CliRunner().invoke(plans, ["import", *map(str, arguments)])


def test_a_document_becomes_a_list(world: World, file: Path) -> None:
    result = run(file, "--plan", "示例清单", "--field", "vocational", "--years", 2025, 2027, "--as", "cq.officer")
    assert result.exit_code == 0, result.output
    plan = Plan.objects.get()
    assert (plan.name, plan.first_year, plan.last_year) == ("示例清单", 2025, 2027)
    assert plan.policy_version
    assert plan.policy_version.policy == Policy.objects.get()
    assert f"{plan.proposals.count()} 项待核定" in result.output
    again = run(file, "--field", "vocational", "--as", "cq.officer")
    assert again.exit_code == 1
    assert "没有重复收录" in again.output


def test_what_is_refused_leaves_nothing(world: World, file: Path) -> None:
    for login, more in (("learner", ()), ("cq.officer", ("--article", 7)), ("nobody", ())):
        result = run(file, "--field", "vocational", "--as", login, *more)
        assert result.exit_code != 0, result.output
    assert not Intake.objects.exists()
    assert not Policy.objects.exists()


def test_a_list_whose_name_is_taken_takes_the_document_along(world: World, file: Path) -> None:
    run(file, "--plan", "示例清单", "--field", "vocational", "--as", "cq.officer")
    other = file.with_name("新.txt")
    other.write_text(samples.NEWER, encoding="utf-8")
    refused = run(other, "--plan", "示例清单", "--field", "vocational", "--as", "cq.officer")
    assert refused.exit_code == 1
    assert "已有名为“示例清单”的清单" in refused.output
    assert Policy.objects.count() == 1
