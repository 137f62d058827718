"""Invented records of the registers that each node of the demonstration holds."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings

from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.core.registers import REGISTERS
from shuangcheng.directory.actor import Actor
from shuangcheng.registers.actions import holdings
from shuangcheng.registers.models import Holding

from . import read
from .clock import Clock
from .people import BORN

SOURCE = "演示数据"
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", ("示例", "演示", "样例", "虚构", "试用")
COUNT = 30
PROVINCES = {"cq": ("50", "重庆示例小学", "2150000001"), "sc": ("51", "南充示例小学", "2151000001")}


def name_of(place: int) -> str:
    """The invented name at a place."""
    return SURNAMES[place % len(SURNAMES)] + GIVEN[place % len(GIVEN)]


def pupil(place: int) -> dict[str, str]:
    """A pupil at this side, by place; the other node asks by the same values."""
    birth = date(2014 + place % 3, 1 + place % 12, 1 + place % 28)
    number = invented_id_number(serial=place, birth=birth, sex=Sex.FEMALE if place % 2 else Sex.MALE)
    return {"name": name_of(place), "id_number": number, "pupil_number": f"G{number}"}


def teacher(side: str, place: int) -> dict[str, str]:
    """A teacher certified at a side, by place; the first is the demonstration's teacher."""
    number = invented_id_number(serial=place, birth=date(1988, 1 + place % 12, 8), sex=Sex.MALE)
    name = name_of(place + 3)
    if place == 0:
        own = [entry for entry in read.entries("people", "person") if entry["side"] == "cq"]
        serial = next(at for at, entry in enumerate(own) if entry["login"] == "teacher")
        name = own[serial]["name"]
        number = invented_id_number(serial=serial, birth=BORN, sex=Sex.FEMALE if serial % 2 else Sex.MALE)
    return {"name": name, "id_number": number, "certificate_number": f"2015{PROVINCES[side][0]}00031{place + 1:06d}"}


def enter(by: Actor, clock: Clock) -> int:
    """Enter the records of this side, unless it has some; returns how many."""
    if Holding.objects.exists():
        return 0
    count = 0
    for register, values in _records(settings.SHUANGCHENG.side):
        holdings.put(register=REGISTERS[register], values=values, source=SOURCE, by=by, at=clock.beginning)
        count += 1
    return count


def _records(side: str) -> Iterator[tuple[str, dict[str, str]]]:
    _code, school, school_code = PROVINCES[side]
    for place in range(COUNT):
        yield "student_status", pupil(place) | {
            "school_name": school, "school_code": school_code, "stage": "primary", "grade": "五年级",
            "enrolled_on": "2021-09-01", "status": "enrolled",
        }  # fmt: skip
        yield "teacher_certificate", teacher(side, place) | {
            "kind": "junior", "subject": ("数学", "语文", "英语")[place % 3], "issuer": f"{school[:2]}示例教育局",
            "issued_on": "2015-06-30", "status": "valid",
        }  # fmt: skip
        yield "graduate_employment", _graduate(side, place)
    yield "school_licence", {
        "licence_number": "教民250010370000011号", "name": f"{school[:2]}示例实验学校", "kind": "school",
        "scope": "九年一贯制义务教育", "sponsor": "示例教育投资有限公司", "head": "示例校长", "address": "示例路1号",
        "authority": f"{school[:2]}示例教育局", "valid_from": "2022-01-01", "valid_until": "2027-12-31",
        "status": "valid",
    }  # fmt: skip


def _graduate(side: str, place: int) -> dict[str, str]:
    number = invented_id_number(serial=place, birth=date(2001, 1 + place % 12, 9), sex=Sex.FEMALE)
    university, programme = ("重庆大学", "四川大学")[side == "sc"], ("计算机科学与技术", "土木工程")[place % 2]
    return {
        "diploma_number": f"1{'0611' if side == 'cq' else '0610'}1202305{place + 1:06d}", "name": name_of(place + 5),
        "id_number": number, "university": university, "programme": programme, "level": "bachelor", "year": "2023",
        "destination": ("contract", "study", "agreement")[place % 3], "employer_division": "500000",
        "industry": "I65", "confirmed_on": "2023-08-31",
    }  # fmt: skip
