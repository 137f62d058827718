"""The committed reference tables: counts, and contracts between the files."""

import gzip
import re
from collections import Counter
from itertools import pairwise

import pytest

from tests.core.reference_files import MAP, REFERENCE, counties_2026, divisions_2026, rows

HEADERS = {
    "divisions": "code name level parent_code valid_from valid_until successor_code document",
    "authorities": "name division authority source",
    "universities": "code name authority level province_code city_code county_code private remark",
    "university_names": "code name valid_from valid_until source",
    "designations": "code title level valid_from valid_until basis",
    "key_disciplines": "code discipline",
    "catalogues": "catalogue code name level parent_code flags",
    "map_points": "code x y",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_table_is_plain(name):
    data = (REFERENCE / f"{name}.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.decode().splitlines()[0] == HEADERS[name].replace(" ", ",")
    assert {key for row in rows(name) for key in row} == set(HEADERS[name].split()), "a row has too many cells"
    longest = max((cell for row in rows(name) for cell in row.values()), key=len)
    assert len(longest) <= 60, f"this looks like a description: {longest}"
    assert not [cell for row in rows(name) for cell in row.values() if re.search(r"\s", cell)]


@pytest.mark.parametrize("name", HEADERS)
def test_sources_tells_the_rows_of_every_table(name):
    text = (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")
    assert f"## `{name}.csv` — {len(rows(name)):,} rows" in text


def test_the_files_are_small():
    assert sum(file.stat().st_size for file in REFERENCE.iterdir()) < 1_500_000
    assert MAP.stat().st_size < 220_000
    assert len(gzip.compress(MAP.read_bytes())) < 90_000


def test_the_tree_of_2026():
    valid = divisions_2026().values()
    assert Counter(row["level"] for row in valid) == {"province": 34, "city": 333, "county": 2847, "township": 4129}
    counties = Counter(code[:2] for code in counties_2026())
    assert counties == {"50": 37, "51": 183}


def test_a_code_begins_once_and_its_periods_follow_each_other():
    assert max(Counter((row["code"], row["valid_from"]) for row in rows("divisions")).values()) == 1
    periods = {}
    for row in rows("divisions"):
        periods.setdefault(row["code"], []).append((row["valid_from"] or "0000", row["valid_until"] or "9999"))
    for code, spans in periods.items():
        assert all(start < end for start, end in spans), code
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans))), code


def test_parents_exist_and_belong_to_the_same_years():
    periods = {}
    for row in rows("divisions"):
        periods.setdefault(row["code"], []).append((row["valid_from"] or "0000", row["valid_until"] or "9999"))
    for row in rows("divisions"):
        assert (row["level"] == "province") == (not row["parent_code"])
        if row["parent_code"]:
            until = row["valid_until"] or "9999"
            spans = periods[row["parent_code"]]
            assert any(start < until <= end for start, end in spans), f"{row['name']} outlives its parent"


def test_a_successor_begins_when_its_predecessor_ends():
    begins = {(row["code"], row["valid_from"]) for row in rows("divisions")}
    ended = [row for row in rows("divisions") if row["valid_until"]]
    for row in ended:
        if row["successor_code"]:
            assert (row["successor_code"], row["valid_until"]) in begins, row
    assert [row["code"] for row in ended if not row["successor_code"]] == ["513500"]
    assert not [row for row in rows("divisions") if row["successor_code"] and not row["valid_until"]]


def test_liangjiang_follows_jiangbei_and_yubei():
    by_key = {(row["code"], row["valid_until"]): row for row in rows("divisions")}
    for code, name in (("500105", "江北区"), ("500112", "渝北区")):
        ended = by_key[code, "2025"]
        assert (ended["name"], ended["successor_code"]) == (name, "500157")
        assert code not in divisions_2026()
    assert by_key["500157", ""]["name"] == "两江新区"
    assert by_key["500157", ""]["valid_from"] == "2025"
    townships = [row for row in divisions_2026().values() if row["level"] == "township"]
    kinds = Counter((row["parent_code"], row["name"].endswith("街道")) for row in townships)
    assert (kinds["500157", True], kinds["500157", False]) == (31, 11)
    assert (kinds["500109", True], kinds["500109", False]) == (6, 11)


@pytest.mark.parametrize(
    ("code", "name", "year", "successor"),
    [
        ("513425", "会理县", "2021", "513402"),
        ("500381", "江津市", "2006", "500116"),
        ("500110", "万盛区", "2011", "500110"),
        ("510200", "重庆市", "1997", "500000"),
        ("510802", "市中区", "2007", "510802"),
        ("513101", "雅安市", "2000", "511802"),
    ],
)
def test_known_changes(code, name, year, successor):
    found = [row for row in rows("divisions") if (row["code"], row["name"]) == (code, name)]
    assert [(row["valid_until"], row["successor_code"]) for row in found] == [(year, successor)]


def test_universities_are_complete():
    universities = rows("universities")
    assert len({row["code"] for row in universities}) == len({row["name"] for row in universities}) == 2952
    assert all(re.fullmatch(r"\d{10}", row["code"]) for row in universities)
    assert Counter(row["level"] for row in universities) == {"本科": 1412, "专科": 1540}
    province = Counter(row["province_code"] for row in universities)
    assert (province["500000"], province["510000"], len(province)) == (77, 146, 31)
    private = Counter(row["province_code"] for row in universities if row["private"] == "1")
    assert (private["500000"], private["510000"]) == (33, 55)
    assert {row["private"] for row in universities} == {"0", "1"}


def test_universities_lie_in_divisions_of_2026():
    valid = divisions_2026()
    for row in rows("universities"):
        assert valid[row["province_code"]]["level"] == "province"
        assert row["city_code"] in valid, row
        if row["county_code"]:
            assert row["province_code"] in ("500000", "510000")
            county = valid[row["county_code"]]
            assert county["level"] == "county"
            assert county["parent_code"] == row["city_code"], row
    filled = Counter(row["province_code"] for row in rows("universities") if row["county_code"])
    text = (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")
    assert f"{filled.total()} of 223 schools of Chongqing ({filled['500000']}) and Sichuan ({filled['510000']})" in text


@pytest.mark.parametrize("name", ["university_names", "designations", "key_disciplines"])
def test_what_is_said_of_a_university_is_said_of_a_listed_one_and_once(name):
    listed = {row["code"] for row in rows("universities")}
    assert {row["code"] for row in rows(name)} <= listed
    second = HEADERS[name].split()[1]
    assert max(Counter((row["code"], row[second]) for row in rows(name)).values()) == 1


def test_former_names():
    former = {row["name"]: row for row in rows("university_names")}
    now = {row["code"]: row["name"] for row in rows("universities")}
    assert now[former["重庆三峡学院"]["code"]] == "重庆三峡科技大学"
    assert now[former["成都纺织高等专科学校"]["code"]] == "成都轻工职业技术大学"
    assert now[former["重庆电子工程职业学院"]["code"]] == "重庆电子科技职业大学"
    assert all(now[row["code"]] != row["name"] for row in former.values())


def test_designations():
    titles = Counter(row["title"] for row in rows("designations"))
    assert titles == {
        "985工程": 38,
        "211工程": 112,
        "双一流建设高校（第二轮2022）": 144,
        "双高计划（2019）": 196,
        "国家示范性高职": 100,
        "国家骨干高职": 99,
    }
    first_class = {row["code"] for row in rows("designations") if row["title"].startswith("双一流")}
    assert first_class == {row["code"] for row in rows("key_disciplines")}
    assert len(rows("key_disciplines")) == 428


def test_catalogues_are_complete():
    assert Counter((row["catalogue"], row["level"]) for row in rows("catalogues")) == {
        ("undergraduate_2026", "门类"): 13,
        ("undergraduate_2026", "专业类"): 93,
        ("undergraduate_2026", "专业"): 883,
        ("vocational_college_2026", "大类"): 19,
        ("vocational_college_2026", "专业类"): 97,
        ("vocational_college_2026", "专业"): 811,
        ("graduate_2022", "学科门类"): 14,
        ("graduate_2022", "一级学科"): 120,
        ("graduate_2022", "专业学位"): 61,
        ("industry_gb4754_2017", "门类"): 20,
        ("industry_gb4754_2017", "大类"): 97,
        ("industry_gb4754_2017", "中类"): 473,
        ("industry_gb4754_2017", "小类"): 1381,
        ("occupation_2022", "大类"): 8,
        ("occupation_2022", "中类"): 72,
        ("occupation_2022", "小类"): 337,
        ("occupation_2022", "细类"): 1630,
    }


def test_catalogue_parents_come_first_and_stand_higher():
    order = ["门类", "大类", "专业类", "中类", "小类", "专业", "细类"]
    levels = {}
    for row in rows("catalogues"):
        key = (row["catalogue"], row["code"])
        assert key not in levels
        levels[key] = row["level"]
        if row["parent_code"]:
            parent = levels[row["catalogue"], row["parent_code"]]
            if row["catalogue"] == "graduate_2022":
                assert parent == "学科门类"
            else:
                assert order.index(parent) < order.index(row["level"]), row


def test_catalogue_flags():
    flags = Counter(flag for row in rows("catalogues") for flag in row["flags"].split(";"))
    assert flags["2027年起招生"] == 9
    assert flags["仅硕士"] == 31
    controlled = Counter(row["catalogue"] for row in rows("catalogues") if "国家控制" in row["flags"].split(";"))
    endings = Counter(row["catalogue"] for row in rows("catalogues") if re.fullmatch(r"\d{6,7}T?K", row["code"]))
    assert controlled == endings
