"""What the API's tests need beyond the world: things under way, and one good request for every write."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.directory.actions import agreements, alliances, ballots, experts, organisations, reports
from shuangcheng.directory.inputs import (
    AgreementInput,
    AvoidanceInput,
    BallotInput,
    DesignationInput,
    ExpertInput,
    InvitationInput,
    JoinInput,
    YearlyReportInput,
)
from shuangcheng.directory.models import (
    Agreement,
    Avoidance,
    Ballot,
    Designation,
    Expert,
    Membership,
    Organisation,
    Service,
    YearlyReport,
)
from tests.world import SYSTEM, World


@dataclass
class Stage:
    """Things under way."""

    world: World
    application: Membership  # of 西南财经大学
    ballot: Ballot  # on the charter, open
    missed: Ballot  # missed its quorum
    report: YearlyReport  # filed
    draft: Agreement  # of 重庆大学 and 四川大学
    designation: Designation  # of the enterprise
    nominated: Expert  # at 西南大学
    avoidance: Avoidance  # of the world's expert
    invitation: Service  # to the world's expert, by 四川大学
    accepted: Service  # likewise, accepted


def stage(world: World) -> Stage:
    """Set things going."""
    now = timezone.now()
    by: dict[str, Any] = {"by": SYSTEM, "at": now}
    alliance, today = world.alliance, timezone.localdate()
    agreement = AgreementInput(title="师资互聘协议", parties=("重庆大学", "四川大学"), signed=today, text="互聘。")
    proposal = BallotInput(kind="charter", title="修订章程", text="第一条　修订后的章程。")
    missed = ballots.propose(alliance=alliance, data=BallotInput(title="旧提案"), **by)
    Ballot.objects.filter(pk=missed.pk).update(state="no_quorum")
    missed.refresh_from_db()
    invited = InvitationInput(host="四川大学", task="评审", begins=today, ends=today)
    accepted = experts.invite(expert=world.expert, data=invited, **by)
    experts.answer(service=accepted, accept=True, **by)
    nomination = ExpertInput(
        name="候小选", employer="西南大学", nominated_by="西南大学", field="basic", specialities="语文教学"
    )
    return Stage(
        world=world,
        application=alliances.apply_to_join(
            alliance=alliance, data=JoinInput(organisation="西南财经大学", statement="希望一起培养教师。"), **by
        ),
        ballot=ballots.propose(alliance=alliance, data=proposal, **by),
        missed=missed,
        report=reports.file(
            alliance=alliance,
            data=YearlyReportInput(year=now.year - 1, activities=3, summary="开展了三次联合教研活动。"),
            **by,
        ),
        draft=agreements.draft(data=agreement, **by),
        designation=organisations.designate(
            organisation=world.enterprise, data=DesignationInput(title="产教融合型企业", level="provincial"), **by
        ),
        nominated=experts.nominate(data=nomination, **by),
        avoidance=experts.avoid(
            expert=world.expert, data=AvoidanceInput(organisation="重庆大学", reason="兼职"), **by
        ),
        invitation=experts.invite(expert=world.expert, data=invited, **by),
        accepted=accepted,
    )  # fmt: skip


def organisation_body(row: Organisation, **more: object) -> dict[str, object]:
    """An organisation as it is sent for changing it."""
    return {"name": row.name, "type": str(row.type), "division": row.division.code, "code": row.code, **more}


def writes(on: Stage) -> dict[str, tuple[str, str, Any]]:
    """operationId -> method, path and body of a write that is good in itself; files are left out."""
    w = on.world
    today = timezone.localdate().isoformat()
    alliance_body = {
        "name": "示例教师教育联盟", "kind": "alliance", "field": "higher", "division": "500106", "lead": "重庆大学",
        "charter": "第一条　本联盟由高校自愿组成。",
    }  # fmt: skip
    zone_body = {"name": "荣昌—成都", "kind": "pair", "level": "joint", "divisions": ["500153", "510100"]}
    agreement_body = {
        "title": "实习合作协议",
        "parties": ["重庆大学", "四川大学"],
        "signed": today,
        "text": "一起实习。",
    }
    expert_body = {
        "name": "新小专", "employer": "西南大学", "nominated_by": "西南大学", "field": "basic", "specialities": "数学",
    }  # fmt: skip
    programme = {"catalogue": "undergraduate_2026", "code": "080717T"}
    membership = w.alliance.memberships.get(organisation=w.enterprise)
    grant = w.teacher.account.person.grants.get()
    return {
        "createOrganisation": (
            "POST", "/organisations", {"name": "示例中学", "type": "school", "division": "500106"},
        ),
        "editOrganisation": (
            "PUT", f"/organisations/{w.cqu.id}?version={w.cqu.version}", organisation_body(w.cqu, website="https://a.cn"),
        ),
        "renameOrganisation": (
            "POST", f"/organisations/{w.cqu.id}/rename", {"name": "重庆科技大学", "since": today},
        ),
        "mergeOrganisation": ("POST", f"/organisations/{w.swu.id}/merge", {"into": "重庆大学"}),
        "removeProgramme": ("DELETE", f"/programmes/{w.programme.id}", None),
        "removeDesignation": ("DELETE", f"/designations/{on.designation.id}", None),
        "discardAgreement": ("DELETE", f"/agreements/{on.draft.id}", None),
        "findPerson": (
            "POST", "/people/find", {"number": invented_id_number(serial=1, birth=date(1990, 5, 4), sex=Sex.FEMALE)},
        ),
        "addProgramme": ("POST", f"/organisations/{w.cqu.id}/programmes", programme),
        "editProgramme": (
            "PUT", f"/programmes/{w.programme.id}?version={w.programme.version}",
            {"catalogue": "undergraduate_2026", "code": "080901", "state": "suspended"},
        ),
        "addDesignation": (
            "POST", f"/organisations/{w.cqu.id}/designations", {"title": "示范单位", "level": "provincial"},
        ),
        "editDesignation": (
            "PUT", f"/designations/{on.designation.id}?version={on.designation.version}",
            {"title": "产教融合型企业", "level": "national"},
        ),
        "foundAlliance": ("POST", "/alliances", alliance_body | {"name": "新示例联盟"}),
        "editAlliance": (
            "PUT", f"/alliances/{w.alliance.id}?version={w.alliance.version}",
            alliance_body | {"purpose": "新宗旨"},
        ),
        "enterMember": ("POST", f"/alliances/{w.alliance.id}/members", {"organisation": "重庆市教育委员会"}),
        "setMemberRole": ("POST", f"/memberships/{membership.id}/role", {"role": "council"}),
        "leaveAlliance": ("POST", f"/memberships/{membership.id}/leave", {"on": today}),
        "applyToJoin": (
            "POST", f"/alliances/{w.alliance.id}/applications",
            {"organisation": "四川省教育厅", "statement": "希望加入联盟。"},
        ),
        "withdrawApplication": ("POST", f"/memberships/{on.application.id}/withdraw", None),
        "returnApplication": (
            "POST", f"/memberships/{on.application.id}/return", {"accept": False, "answer": "请补充材料。"},
        ),
        "proposeBallot": ("POST", f"/alliances/{w.alliance.id}/ballots", {"title": "设立秘书处", "text": "…"}),
        "castVote": ("POST", f"/ballots/{on.ballot.id}/votes", {"organisation": "重庆大学", "choice": "for"}),
        "closeBallot": ("POST", f"/ballots/{on.ballot.id}/close", None),
        "repeatBallot": ("POST", f"/ballots/{on.missed.id}/again", None),
        "fileReport": (
            "POST", f"/alliances/{w.alliance.id}/reports",
            {"year": timezone.localdate().year, "activities": 2, "summary": "开展了两次联合教研活动。"},
        ),
        "decideReport": ("POST", f"/reports/{on.report.id}/decision?version={on.report.version}", {"accept": True}),
        "createZone": ("POST", "/zones", zone_body),
        "editZone": ("PUT", f"/zones/{w.zone.id}?version={w.zone.version}", zone_body | {"name": w.zone.name}),
        "draftAgreement": ("POST", "/agreements", agreement_body),
        "editAgreement": ("PUT", f"/agreements/{on.draft.id}?version={on.draft.version}", agreement_body),
        "approveAgreement": ("POST", f"/agreements/{on.draft.id}/approve?version={on.draft.version}", None),
        "endAgreement": ("POST", f"/agreements/{w.agreement.id}/end", {"reason": "合作结束"}),
        "nominateExpert": ("POST", "/experts", expert_body),
        "editExpert": (
            "PUT", f"/experts/{w.expert.id}?version={w.expert.version}",
            {"employer": "西南大学", "title": "教授", "field": "basic", "specialities": "数学"},
        ),
        "correctName": (
            "PUT", f"/people/{w.teacher.account.person_id}/name?version=1", {"name": "焦大师", "basis": "居民身份证"},
        ),
        "vetExpert": ("POST", f"/experts/{on.nominated.id}/vet", {"accept": True}),
        "retireExpert": ("POST", f"/experts/{w.expert.id}/retire", {"reason": "本人申请"}),
        "declareAvoidance": (
            "POST", f"/experts/{w.expert.id}/avoidances", {"organisation": "四川大学", "reason": "亲属任职"},
        ),
        "endAvoidance": ("POST", f"/avoidances/{on.avoidance.id}/end", None),
        "inviteExpert": (
            "POST", f"/experts/{w.expert.id}/services",
            {"host": "四川大学", "task": "课程评审", "begins": today, "ends": today},
        ),
        "openAccount": ("POST", f"/experts/{on.nominated.id}/account", {"login": "candidate"}),
        "withdrawInvitation": ("POST", f"/services/{on.invitation.id}/withdraw", None),
        "answerInvitation": ("POST", f"/services/{on.invitation.id}/answer", {"accept": True}),
        "recordService": ("POST", f"/services/{on.accepted.id}/result", {"hours": "3.5", "result": "完成评审。"}),
        "createPerson": (
            "POST", "/people", {"name": "新小人", "login": "new.person", "role": "teacher", "organisation": "重庆大学"},
        ),
        "grantRole": (
            "POST", f"/people/{w.teacher.account.person_id}/grants",
            {"role": "organisation_staff", "organisation": "重庆大学"},
        ),
        "endGrant": ("POST", f"/grants/{grant.id}/end", None),
        "createToken": ("POST", "/tokens", {"name": "备用", "scopes": ["directory:read"]}),
    }  # fmt: skip


PERMITTED = {
    "mergeOrganisation": "cq_officer",
    "removeProgramme": "cqu_admin",
    "removeDesignation": "cq_officer",
    "discardAgreement": "cqu_admin",
    "findPerson": "cqu_admin",
    "createOrganisation": "cq_officer",
    "editOrganisation": "cqu_admin",
    "renameOrganisation": "cq_officer",
    "addProgramme": "cqu_admin",
    "editProgramme": "cqu_admin",
    "addDesignation": "cq_officer",
    "editDesignation": "cq_officer",
    "foundAlliance": "cq_officer",
    "editAlliance": "cqu_admin",
    "enterMember": "cq_officer",
    "setMemberRole": "cq_officer",
    "leaveAlliance": "cq_officer",
    "withdrawApplication": "outsider",
    "returnApplication": "cqu_admin",
    "proposeBallot": "cqu_admin",
    "castVote": "cqu_admin",
    "repeatBallot": "cqu_admin",
    "fileReport": "cqu_admin",
    "decideReport": "sc_officer",
    "createZone": "sc_officer",
    "editZone": "sc_officer",
    "draftAgreement": "cqu_admin",
    "editAgreement": "cqu_admin",
    "approveAgreement": "sc_officer",
    "endAgreement": "sc_officer",
    "nominateExpert": "swu_admin",
    "vetExpert": "cq_officer",
    "retireExpert": "cq_officer",
    "declareAvoidance": "swu_admin",
    "endAvoidance": "expert_person",
    "inviteExpert": "scu_admin",
    "openAccount": "swu_admin",
    "withdrawInvitation": "scu_admin",
    "answerInvitation": "expert_person",
    "recordService": "scu_admin",
    "createPerson": "cqu_admin",
    "correctName": "cqu_admin",
    "editExpert": "swu_admin",
    "grantRole": "cqu_admin",
    "endGrant": "cqu_admin",
    "createToken": "learner",
}
"""operationId -> somebody who has the right."""

OTHERS = {
    "mergeOrganisation": "sc_officer",
    "removeProgramme": "scu_admin",
    "removeDesignation": "sc_officer",
    "discardAgreement": "outsider",
    "createOrganisation": "sc_officer",
    "editOrganisation": "outsider",
    "renameOrganisation": "sc_officer",
    "addProgramme": "scu_admin",
    "editProgramme": "scu_admin",
    "addDesignation": "sc_officer",
    "editDesignation": "sc_officer",
    "editAlliance": "outsider",
    "enterMember": "scu_admin",
    "setMemberRole": "scu_admin",
    "leaveAlliance": "scu_admin",
    "applyToJoin": "outsider",
    "withdrawApplication": "cqu_admin",
    "returnApplication": "outsider",
    "proposeBallot": "scu_admin",
    "castVote": "swu_admin",
    "closeBallot": "scu_admin",
    "repeatBallot": "swu_admin",
    "fileReport": "scu_admin",
    "editAgreement": "outsider",
    "approveAgreement": "cqu_admin",
    "endAgreement": "scu_admin",
    "nominateExpert": "scu_admin",
    "vetExpert": "sc_officer",
    "retireExpert": "sc_officer",
    "declareAvoidance": "scu_admin",
    "endAvoidance": "scu_admin",
    "inviteExpert": "cqu_admin",
    "openAccount": "cqu_admin",
    "withdrawInvitation": "cqu_admin",
    "answerInvitation": "swu_admin",
    "recordService": "swu_admin",
    "createPerson": "scu_admin",
    "correctName": "scu_admin",
    "editExpert": "scu_admin",
    "grantRole": "scu_admin",
    "endGrant": "scu_admin",
}
"""operationId -> somebody with the same right over something else."""
