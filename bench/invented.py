"""Invented organisations, always the same: names from those of real universities, codes that pass every check."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from operator import mul
from pathlib import Path

import shuangcheng.site
from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.core.identifiers.credit_code import ALPHABET

REFERENCE = Path(shuangcheng.site.__file__).parent / "reference"
HEAD = (
    "机构名称", "机构类型", "所在区划", "学校标识码", "统一社会信用代码", "主管部门", "办学层次", "民办", "状态",
    "曾用名", "网址", "备注",
)  # fmt: skip
UNITS = {
    "中小学校": ("附属第一小学", "附属第二小学", "附属第三小学", "附属小学", "附属实验小学", "附属外国语学校",
               "附属第一中学", "附属第二中学", "附属中学", "附属高级中学", "附属实验中学"),
    "中等职业学校": ("附属中等职业技术学校", "附属职业教育中心", "附属护理学校", "附属艺术学校", "附属体育学校"),
    "幼儿园": ("附属第一幼儿园", "附属第二幼儿园", "附属幼儿园", "附属实验幼儿园"),
    "博物馆和图书馆": ("校史博物馆", "自然博物馆", "图书馆"),
    "企业": ("科技产业有限公司", "资产经营有限公司", "出版社有限公司"),
    "科研院所": ("产业技术研究院", "先进技术研究院", "乡村振兴研究院"),
    "实践与研学基地": ("劳动教育实践基地", "研学旅行基地", "实训基地"),
    "产业园区": ("大学科技园", "创新产业园"),
}  # fmt: skip
SCHOOLS = ("中小学校", "中等职业学校", "幼儿园")


def table(name: str) -> list[dict[str, str]]:
    """A reference file."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def credit_code(number: int) -> str:
    """A valid credit code for each number below 100,000,000."""
    body = f"{number:08d}"
    rest = -sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    code = f"12500103{body}{'X' if rest == 10 else rest}"
    weights = [pow(3, place, 31) for place in range(17)]
    return code + ALPHABET[-sum(map(mul, map(ALPHABET.index, code), weights)) % 31]


def organisations(count: int) -> Iterator[tuple[str, ...]]:
    """`count` rows under HEAD, at most 100,368: every unit of every university, spread over the counties of 川渝."""
    universities = table("universities.csv")
    counties = [
        row["code"]
        for row in table("divisions.csv")
        if row["level"] == "county" and not row["valid_until"] and row["code"][:2] in ("50", "51")
    ]
    units = [(type, unit) for type, names in UNITS.items() for unit in names]
    for number in range(count):
        (type, unit), university = units[number // len(universities)], universities[number % len(universities)]
        county = counties[number * 7 % len(counties)]
        yield (
            university["name"] + unit, type, county,
            f"{21 + number % 9}{county[:2]}{number:06d}" if type in SCHOOLS else "", credit_code(number),
            university["authority"], "", "是" if number % 11 == 0 else "否", "正常",
            f"{university['name']}旧{unit}" if number % 10 == 0 else "",
            f"https://www.example.edu.cn/{number}" if number % 2 else "", "",
        )  # fmt: skip


def workbook(count: int) -> bytes:
    """The rows as a spreadsheet."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("机构")
        sheet.write_row(0, 0, HEAD)
        for number, row in enumerate(organisations(count), start=1):
            sheet.write_row(number, 0, row)
    return out.getvalue()


CERTIFICATE_HEAD = (
    "教师资格证书号码", "姓名", "身份证号码", "资格种类", "任教学科", "认定机构", "认定日期", "证书状态",
    "定期注册有效期至",
)  # fmt: skip
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "明华建国丽芳敏静强磊军洋勇艳杰娟涛超秀兰霞平刚桂英"
SUBJECTS = ("语文", "数学", "英语", "物理", "化学", "生物", "历史", "地理", "音乐", "体育")


def certificates(path: Path, count: int, *, different: int = 0) -> None:
    """Certificates of invented teachers as a CSV file; every `different`th is revoked."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(CERTIFICATE_HEAD)
        for number in range(count):
            birth = date(1962, 1, 1) + timedelta(days=number // 1000)
            sex = Sex.MALE if number % 2 else Sex.FEMALE
            name = SURNAMES[number % 16] + GIVEN[number // 16 % 24] + GIVEN[number // 384 % 24]
            out.writerow((
                f"2015500{number // 100_000 % 90 + 10}3{number % 2 + 1}{number % 100_000:06d}", name,
                invented_id_number(serial=number % 1000 // 2, birth=birth, sex=sex), "初级中学教师资格",
                SUBJECTS[number % 10], "某某区教育委员会", "2015-06-30",
                "撤销" if different and number % different == 0 else "有效", "2030-12-31",
            ))  # fmt: skip
