"""The loader of the reference files: everything, once, and what a changed file does."""

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from shuangcheng.core.outcome import Refused
from shuangcheng.directory import lookup
from shuangcheng.directory.actions import organisations
from shuangcheng.directory.inputs import OrganisationInput
from shuangcheng.directory.models import (
    AuditLine,
    CatalogueEntry,
    Designation,
    Division,
    LoadedFile,
    Organisation,
    OrganisationName,
)
from shuangcheng.site import reference_loader
from shuangcheng.site.reference_loader.run import REFERENCE, STEPS
from tests.core.reference_files import rows
from tests.rooms.checks import titles
from tests.world import AT, SYSTEM

KEEP = {
    "divisions.csv": lambda row: (row["code"][:4] in ("5000", "5100", "5101", "5001") and len(row["code"]) == 6)
    or row["code"].startswith("500157"),
    "catalogues.csv": lambda row: row["code"].startswith("0809"),
    "authorities.csv": lambda row: row["division"] in ("500103", "510105"),
    "universities.csv": lambda row: row["code"] in ("4150010611", "4151010610", "4150010643"),
    "university_names.csv": lambda row: row["code"] == "4150010643",
    "designations.csv": lambda row: row["code"] == "4150010611",
    "key_disciplines.csv": lambda row: row["code"] == "4150010611",
}  # fmt: skip


def silent(_title: str, _percent: int) -> None:
    pass


@pytest.fixture
def small(tmp_path: Path, db: None) -> Path:
    """A folder with a few rows of each file, loaded."""
    for step in STEPS:
        shutil.copy(REFERENCE / step.name, tmp_path)
        change(tmp_path, step.name, lambda all_, step=step: [row for row in all_ if KEEP[step.name](row)])
    reference_loader.load(silent, folder=tmp_path)
    return tmp_path


def change(folder: Path, name: str, how: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    path = folder / name
    with path.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(how([dict(row) for row in table]))


def set_in(folder: Path, file: str, key: str, **values: str) -> None:
    """Change the rows of one code."""
    change(folder, file, lambda table: [row | (values if row["code"] == key else {}) for row in table])


def reload(folder: Path) -> list[tuple[str, int]]:
    return reference_loader.load(silent, folder=folder)


@pytest.mark.django_db
def test_everything_loads_once():
    told: list[tuple[str, int]] = []
    loaded = reference_loader.load(lambda title, percent: told.append((title, percent)))
    counts = {step.title: len(rows(step.name.removesuffix(".csv"))) for step in STEPS}
    assert dict(loaded) == counts
    percents = [percent for _title, percent in told]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert (Division.objects.count(), CatalogueEntry.objects.count()) == (7488, 6129)
    assert Organisation.objects.filter(type__in=["university", "college"]).count() == 2952
    assert AuditLine.objects.filter(verb="reference.load", actor_kind="system").count() == len(STEPS)
    connection.check_constraints()
    _the_facts_are_there()
    lines = AuditLine.objects.count()
    assert reference_loader.load(silent) == []
    assert AuditLine.objects.count() == lines, "nothing to do is nothing to tell"


def _the_facts_are_there() -> None:
    place = lookup.division("重庆市/沙坪坝区")
    cqu = lookup.organisation("重庆大学")
    assert (cqu.division, cqu.side, cqu.type, cqu.authority) == (place, "cq", "university", "教育部")
    assert cqu.source == "教育部全国普通高等学校名单（截至2026年6月17日）"
    assert lookup.organisation("重庆三峡学院").name == "重庆三峡科技大学"
    assert titles("重庆三峡学院") == ["重庆三峡科技大学"]
    assert titles("cqdx")[0] == "重庆大学"
    assert lookup.organisation("四川省教育厅").side == "sc"
    assert Organisation.objects.filter(side="cq", type__in=["university", "college"]).count() == 77
    assert Organisation.objects.filter(side="sc", type__in=["university", "college"]).count() == 146
    assert set(cqu.designations.values_list("title", flat=True)) >= {"985工程", "211工程", "双一流建设学科"}
    ended, new = Division.objects.get(code="500105"), Division.objects.get(code="500157")
    assert (ended.valid_until, ended.successor_code, new.valid_from) == (date(2025, 12, 31), "500157", date(2025, 1, 1))
    town = Division.objects.filter(level="township", code__startswith="510502").first()
    assert town.path == f"510000/510500/510502/{town.code}/"
    assert Division.objects.filter(path__startswith="510000/").exclude(code__startswith="51").count() == 0
    assert lookup.entry("undergraduate_2026", "080901").name == "计算机科学与技术"
    assert not CatalogueEntry.objects.get(catalogue="undergraduate_2026", code="0809").leaf


def test_two_names_of_one_code_are_two_rows(small: Path):
    assert [row.name for row in Division.objects.filter(code="500111").order_by("valid_from")] == ["双桥区", "大足区"]
    assert lookup.division("500111").name == "大足区"
    assert lookup.division("大足区") == lookup.division("500111")


def test_a_renamed_university_keeps_its_old_name(small: Path):
    before = lookup.organisation("4150010611")
    set_in(small, "universities.csv", "4150010611", name="重庆示例大学")
    assert reload(small) == [("全国普通高等学校", 3)]
    after = lookup.organisation("4150010611")
    assert (after.id, after.name, after.version) == (before.id, "重庆示例大学", before.version + 1)
    assert lookup.organisation("重庆大学") == after
    assert titles("重庆大学") == titles("cqsldx") == ["重庆示例大学"]
    line = AuditLine.objects.filter(verb="reference.load").order_by("-id").first()
    assert line.changes == {"new": [None, 0], "changed": [None, 1]}


def test_a_university_that_the_list_no_longer_has_stays(small: Path):
    change(small, "universities.csv", lambda table: [row for row in table if row["code"] != "4151010610"])
    assert reload(small) == [("全国普通高等学校", 2)]
    assert lookup.organisation("四川大学").status == "active"


def test_a_place_that_people_have_corrected_stays(small: Path):
    row = lookup.organisation("重庆大学")
    data = OrganisationInput(
        name=row.name, type=row.type, division="500103", code=row.code, authority=row.authority, level=row.level,
        remark="搬迁",
    )  # fmt: skip
    organisations.edit(organisation=row, data=data, version=row.version, by=SYSTEM, at=AT)
    set_in(small, "universities.csv", "4150010611", authority="教育部等", remark="名单上的备注")
    reload(small)
    row.refresh_from_db()
    assert (row.division.code, row.remark, row.authority) == ("500103", "搬迁", "教育部等")


def test_a_division_changes_in_place(small: Path):
    before = Division.objects.get(code="500106")
    set_in(small, "divisions.csv", "500106", name="沙坪坝新区")
    reload(small)
    after = Division.objects.get(code="500106")
    assert (after.id, after.name, after.pinyin) == (before.id, "沙坪坝新区", "shapingba xinqu")
    assert titles("沙坪坝新区", kind="division") == ["沙坪坝新区"]


def test_a_corrected_first_year_makes_no_second_row(small: Path):
    before = Division.objects.get(code="500157")
    set_in(small, "divisions.csv", "500157", valid_from="2024")
    reload(small)
    after = Division.objects.get(code="500157")
    assert (after.id, after.valid_from) == (before.id, date(2024, 1, 1))
    assert lookup.division("两江新区") == after


def test_a_designation_and_a_name_change_in_place(small: Path):
    names, titles_ = OrganisationName.objects.count(), Designation.objects.count()
    set_in(small, "university_names.csv", "4150010643", valid_until="2024")
    set_in(small, "designations.csv", "4150010611", basis="新的依据")
    assert [title for title, _rows in reload(small)] == ["高等学校曾用名", "国家级称号"]
    assert (OrganisationName.objects.count(), Designation.objects.count()) == (names, titles_)
    assert OrganisationName.objects.get(name="重庆三峡学院").valid_until == date(2024, 12, 31)
    assert "新的依据" in Designation.objects.filter(title="985工程").get().basis


@pytest.mark.parametrize(
    ("name", "code", "values", "missing"),
    [
        ("divisions.csv", "500106", {"parent_code": "990000"}, "990000"),
        ("universities.csv", "4150010611", {"county_code": "500199"}, "500199"),
        ("designations.csv", "4150010611", {"code": "4150099999"}, "4150099999"),
        ("university_names.csv", "4150010643", {"code": "4150099999"}, "4150099999"),
        ("key_disciplines.csv", "4150010611", {"code": "4150099999"}, "4150099999"),
    ],
)
def test_a_row_that_hangs_in_the_air_is_refused_whole(
    small: Path, name: str, code: str, values: dict[str, str], missing: str
):
    before = (LoadedFile.objects.get(name=name).digest, AuditLine.objects.count())
    set_in(small, name, code, **values)
    with pytest.raises(Refused) as caught:
        reload(small)
    assert name in str(caught.value)
    assert missing in str(caught.value)
    assert "行" in str(caught.value)
    assert (LoadedFile.objects.get(name=name).digest, AuditLine.objects.count()) == before
