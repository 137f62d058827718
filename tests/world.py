"""The fixed cast of the tests: a small world with one of each, made through the actions.

`world` is a fixture (conftest.py registers this module). It is built once per process and copied into each test's
transaction, which takes a few milliseconds; a test may change it at will. `World.…` says who is who. `AT` is the moment
at which tests act when they pass the time themselves; pages and API use the real clock, and everything here holds then
too. Charlie of other suites is `outsider`: administrator of a university that belongs to nothing.
"""

import copy
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import connection, transaction

from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.directory.actions import agreements, alliances, experts, organisations, people, zones
from shuangcheng.directory.actor import Actor, public, system
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.inputs import (
    AgreementInput,
    AllianceInput,
    AnswerInput,
    ExpertInput,
    MemberInput,
    OrganisationInput,
    ProgrammeInput,
    ZoneInput,
)
from shuangcheng.directory.models import (
    Account,
    Agreement,
    Alliance,
    CatalogueEntry,
    Division,
    Expert,
    Organisation,
    Programme,
    Zone,
)
from shuangcheng.directory.people_inputs import PersonInput
from shuangcheng.directory.terms import Role

CHINA = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2025, 1, 6, 9, 0, tzinfo=CHINA)
AT = datetime(2026, 11, 20, 9, 0, tzinfo=CHINA)
PASSWORD = "worldly-password"
SYSTEM = system("测试")

DIVISIONS = (  # code, name, level, parent, from, until, successor
    ("110000", "北京市", "province", "", None, None, ""),
    ("500000", "重庆市", "province", "", None, None, ""),
    ("500103", "渝中区", "county", "500000", None, None, ""),
    ("500105", "江北区", "county", "500000", None, date(2025, 12, 31), "500157"),
    ("500106", "沙坪坝区", "county", "500000", None, None, ""),
    ("500109", "北碚区", "county", "500000", None, None, ""),
    ("500152", "潼南区", "county", "500000", date(2015, 1, 1), None, ""),
    ("500153", "荣昌区", "county", "500000", date(2015, 1, 1), None, ""),
    ("500157", "两江新区", "county", "500000", date(2025, 1, 1), None, ""),
    ("510000", "四川省", "province", "", None, None, ""),
    ("510100", "成都市", "city", "510000", None, None, ""),
    ("510107", "武侯区", "county", "510100", None, None, ""),
    ("510115", "温江区", "county", "510100", None, None, ""),
    ("510900", "遂宁市", "city", "510000", None, None, ""),
)
CATALOGUE = (  # catalogue, code, name, level, parent, leaf
    ("undergraduate_2026", "08", "工学", "门类", "", False),
    ("undergraduate_2026", "0809", "计算机类", "专业类", "08", False),
    ("undergraduate_2026", "080901", "计算机科学与技术", "专业", "0809", True),
    ("undergraduate_2026", "080717T", "人工智能", "专业", "0807", True),
    ("vocational_college_2026", "410103", "现代农业技术", "专业", "4101", True),
)


@dataclass
class Someone:
    """A person of the cast: the account for signing in, the actor for calling actions, where the person belongs."""

    account: Account
    actor: Actor
    organisation: Organisation

    @property
    def login(self) -> str:
        return self.account.login


@dataclass
class World:
    """Who and what there is. Both sides have an authority and two universities; the alliance's council is three."""

    # Divisions by name: world.divisions["荣昌区"]
    divisions: dict[str, Division]
    # Organisations
    cq_bureau: Organisation  # 重庆市教育委员会
    sc_department: Organisation  # 四川省教育厅
    cqu: Organisation  # 重庆大学, leads the alliance
    swu: Organisation  # 西南大学, council member
    scu: Organisation  # 四川大学, standing council member
    swufe: Organisation  # 西南财经大学, in nothing
    enterprise: Organisation  # 示例智造有限公司, an ordinary member
    # People with accounts; everybody's password is PASSWORD
    node_admin: Someone
    auditor: Someone
    cq_officer: Someone
    sc_officer: Someone
    cqu_admin: Someone
    swu_admin: Someone
    scu_admin: Someone
    outsider: Someone  # administrator of 西南财经大学: has no access to the others' things
    staff: Someone  # of 重庆大学
    teacher: Someone  # of 重庆大学
    learner: Someone  # at 四川大学
    employer: Someone  # of the enterprise
    expert_person: Someone  # of 西南大学, in the pool
    # Things
    alliance: Alliance  # with a charter; 67 % quorum, so two of the council's three; 14 days
    zone: Zone  # 潼南—遂宁
    agreement: Agreement  # of 重庆大学 and 四川大学, approved once, in the alliance
    programme: Programme  # 计算机科学与技术 at 重庆大学
    expert: Expert  # vetted, employed and nominated by 西南大学
    # Somebody who has not signed in
    anyone: Actor


def organisation(name: str, type: str, division: str, **more: object) -> Organisation:
    """Enter an organisation."""
    data = OrganisationInput.model_validate({"name": name, "type": type, "division": division, **more})
    return organisations.create(data=data, by=SYSTEM, at=SINCE)


def someone(name: str, login: str, role: Role, where: Organisation, *, serial: int | None = None) -> Someone:
    """Enter an invented person with an account; `serial` gives an invented id number."""
    number = ""
    if serial is not None:
        number = invented_id_number(serial=serial, birth=date(1990, 5, 4), sex=Sex.FEMALE)
    data = PersonInput(name=name, login=login, role=role, organisation=str(where.id), id_number=number)
    account = people.create(data=data, password=PASSWORD, by=SYSTEM, at=SINCE, invented=True)
    return Someone(account, of_account(account, door="web", at=AT), where)


def _divisions() -> dict[str, Division]:
    rows: dict[str, Division] = {}
    for code, name, level, parent, begin, until, successor in DIVISIONS:
        above = next((row for row in rows.values() if row.code == parent), None)
        rows[name] = Division.objects.create(
            code=code, name=name, level=level, parent=above, path=f"{above.path if above else ''}{code}/",
            pinyin=pinyin_key(name), valid_from=begin, valid_until=until, successor_code=successor,
        )  # fmt: skip
    return rows


def _organisations() -> dict[str, Organisation]:
    return {
        "cq_bureau": organisation("重庆市教育委员会", "authority", "500103"),
        "sc_department": organisation("四川省教育厅", "authority", "510107"),
        "cqu": organisation("重庆大学", "university", "500106", code="4150010611", authority="教育部"),
        "swu": organisation("西南大学", "university", "500109", code="4150010635", former_names="西南师范大学"),
        "scu": organisation("四川大学", "university", "510107", code="4151010610", authority="教育部"),
        "swufe": organisation("西南财经大学", "university", "510115", code="4151010651", authority="教育部"),
        "enterprise": organisation("示例智造有限公司", "enterprise", "500153"),
    }


def _people(at: dict[str, Organisation]) -> dict[str, Someone]:
    return {
        "node_admin": someone("管小平", "node.admin", Role.NODE_ADMIN, at["cq_bureau"]),
        "auditor": someone("申小正", "auditor", Role.AUDITOR, at["cq_bureau"]),
        "cq_officer": someone("余小安", "cq.officer", Role.OFFICER, at["cq_bureau"]),
        "sc_officer": someone("川小宁", "sc.officer", Role.OFFICER, at["sc_department"]),
        "cqu_admin": someone("仲小大", "cqu.admin", Role.ORGANISATION_ADMIN, at["cqu"]),
        "swu_admin": someone("西小南", "swu.admin", Role.ORGANISATION_ADMIN, at["swu"]),
        "scu_admin": someone("思小川", "scu.admin", Role.ORGANISATION_ADMIN, at["scu"]),
        "outsider": someone("查小理", "swufe.admin", Role.ORGANISATION_ADMIN, at["swufe"]),
        "staff": someone("支小员", "cqu.staff", Role.ORGANISATION_STAFF, at["cqu"]),
        "teacher": someone("焦小师", "teacher", Role.TEACHER, at["cqu"]),
        "learner": someone("薛小生", "learner", Role.LEARNER, at["scu"], serial=1),
        "employer": someone("齐小业", "employer", Role.EMPLOYER, at["enterprise"]),
        "expert_person": someone("庄小家", "expert", Role.EXPERT, at["swu"], serial=2),
    }


def _alliance() -> Alliance:
    data = AllianceInput(
        name="示例教师教育联盟", kind="alliance", field="higher", action_plan=4, division="500106", lead="重庆大学",
        founded=date(2021, 10, 19), purpose="一起培养教师。", charter="第一条　本联盟由高校自愿组成。",
    )  # fmt: skip
    alliance = alliances.found(data=data, by=SYSTEM, at=SINCE)
    for name, role in (("四川大学", "standing_council"), ("西南大学", "council"), ("示例智造有限公司", "member")):
        member = MemberInput(organisation=name, role=role, joined=date(2021, 10, 19))
        alliances.enter_member(alliance=alliance, data=member, by=SYSTEM, at=SINCE)
    return alliance


def _things(cast: dict[str, Someone]) -> dict[str, object]:
    alliance = _alliance()
    zone = zones.save(
        data=ZoneInput(name="潼南—遂宁教育一体化", kind="pair", level="joint", divisions=("500152", "510900")),
        by=SYSTEM, at=SINCE,
    )  # fmt: skip
    agreement = agreements.draft(
        data=AgreementInput(
            title="课程互选协议", parties=("重庆大学", "四川大学"), alliance="示例教师教育联盟", field="higher",
            signed=date(2025, 3, 1), expires=date(2028, 2, 29), text="双方开放课程。\n学分互认。",
        ),
        by=SYSTEM, at=SINCE,
    )  # fmt: skip
    agreements.approve(agreement=agreement, version=agreement.version, by=SYSTEM, at=SINCE)
    agreement.refresh_from_db()
    programme = organisations.add_programme(
        organisation=cast["cqu_admin"].organisation, by=SYSTEM, at=SINCE,
        data=ProgrammeInput(catalogue="undergraduate_2026", code="080901", years="4", opened=1978),
    )  # fmt: skip
    data = ExpertInput(
        name="庄小家", employer="西南大学", nominated_by="西南大学", field="higher", specialities="教师教育、学科评议"
    )
    person = cast["expert_person"].account.person
    expert = experts.nominate(data=data, by=SYSTEM, at=SINCE, person=person)
    expert = experts.vet(expert=expert, data=AnswerInput(accept=True), by=SYSTEM, at=SINCE)
    return {"alliance": alliance, "zone": zone, "agreement": agreement, "programme": programme, "expert": expert}


def build() -> World:
    """Make the cast in an empty database."""
    divisions = _divisions()
    for catalogue, code, name, level, parent, leaf in CATALOGUE:
        CatalogueEntry.objects.create(
            catalogue=catalogue, code=code, name=name, level=level, parent_code=parent, leaf=leaf
        )
    at = _organisations()
    cast = _people(at)
    return World(divisions=divisions, anyone=public(door="web"), **at, **cast, **_things(cast))


ROOMS = ("directory", "desk", "exchange", "registers", "cases", "plan")
_snapshot: tuple[World, dict[str, bytes]] | None = None


def _tables() -> list[str]:
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models(include_auto_created=True)]
    return [model._meta.db_table for model in models]


def save() -> dict[str, bytes]:
    """The rows of the rooms' tables."""
    saved = {}
    with connection.cursor() as cursor:
        for table in _tables():
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as rows:
                saved[table] = b"".join(rows)
    return saved


def restore(saved: dict[str, bytes]) -> None:
    """Put saved rows into empty tables; the caller holds a transaction, since rows refer to each other."""
    with connection.cursor() as cursor:
        for table, content in saved.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as rows:
                rows.write(content)


@pytest.fixture
def world(db: None) -> World:
    """The cast, in the test's own database."""
    global _snapshot
    with transaction.atomic():
        if _snapshot is None:
            built = build()
            _snapshot = copy.deepcopy(built), save()
            return built
        restore(_snapshot[1])
    return copy.deepcopy(_snapshot[0])
