"""Alliances over the API, from an application to the vote that admits."""

from typing import Any

from django.utils import timezone

from shuangcheng.directory.models import Ballot, Membership
from tests.doors.api_cast import stage
from tests.doors.api_client import Api, codes, token
from tests.world import World


def items(api: Api, path: str) -> list[dict[str, Any]]:
    response = api.get(path)
    assert response.status_code == 200, response.content
    return response.json()["items"]


def test_list_and_one(world: World) -> None:
    for query in ("", "kind=alliance", "field=higher", "action_plan=4", "side=cq", "member=重庆大学", "q=sljsjylm"):
        found = items(Api(), f"/alliances?{query}")
        assert [item["name"] for item in found] == ["示例教师教育联盟"], query
        assert (found[0]["members"], [lead["name"] for lead in found[0]["leads"]]) == (4, ["重庆大学"])
    for query in ("kind=master_studio", "action_plan=1", "side=sc", "member=西南财经大学"):
        assert items(Api(), f"/alliances?{query}") == [], query
    told = Api().get(f"/alliances/{world.alliance.id}").json()
    assert (told["charter_version"], told["quorum_percent"], told["open_to_join"]) == (1, 67, True)


def test_found_and_edit(world: World) -> None:
    api = Api(token(world.sc_officer))
    body = {
        "name": "川渝示例职教集团", "kind": "职教集团", "field": "vocational", "division": "510100",
        "lead": str(world.scu.id),
    }  # fmt: skip
    made = api.post("/alliances", body)
    assert made.status_code == 201
    assert (made.json()["side"], made.json()["members"]) == ("sc", 1)
    assert codes(api.post("/alliances", body)) == ["name_taken"]
    saved = api.put(made["Location"] + "?version=1", body | {"charter": "第一条　自愿。", "voting_days": 7})
    assert (saved.json()["charter_version"], saved.json()["voting_days"]) == (1, 7)


def test_application_vote_admission(world: World) -> None:
    path = f"/alliances/{world.alliance.id}"
    applicant = Api(token(world.outsider))
    applied = applicant.post(
        f"{path}/applications", {"organisation": "西南财经大学", "statement": "希望一起培养教师。"}
    )
    assert (applied.status_code, applied.json()["state"]) == (201, "applied")
    again = applicant.post(f"{path}/applications", {"organisation": "西南财经大学", "statement": "希望一起培养教师。"})
    assert (again.status_code, codes(again)) == (409, ["member_there"])
    (ballot,) = items(applicant, f"{path}/ballots")
    assert (ballot["kind"], ballot["application_id"], ballot["count"]["needed"]) == (
        "admission", applied.json()["id"], 2,
    )  # fmt: skip
    for who, organisation in (
        (world.cqu_admin, "重庆大学"),
        (world.swu_admin, "西南大学"),
        (world.scu_admin, "四川大学"),
    ):
        voted = Api(token(who)).post(
            f"/ballots/{ballot['id']}/votes", {"organisation": organisation, "choice": "赞成", "comment": "同意"}
        )
        assert voted.status_code == 200, voted.content
    told = voted.json()
    assert (told["state"], told["count"]["yes"], len(told["votes"])) == ("passed", 3, 3)
    assert "西南财经大学" in [item["organisation"]["name"] for item in items(Api(), f"{path}/members")]
    late = Api(token(world.cqu_admin)).post(
        f"/ballots/{ballot['id']}/votes", {"organisation": "重庆大学", "choice": "against"}
    )
    assert (late.status_code, codes(late)) == (409, ["ballot_closed"])


def test_who_sees_applications_and_votes(world: World) -> None:
    on = stage(world)
    path = f"/alliances/{world.alliance.id}"
    for who, applications, votes in (
        (world.sc_officer, 1, 3), (world.swu_admin, 1, 3), (world.outsider, 1, 1), (world.staff, 1, 3),
        (world.auditor, 0, 0),
    ):  # fmt: skip
        api = Api(token(who))
        seen = (len(items(api, f"{path}/applications")), len(items(api, f"{path}/ballots")))
        expected = (applications, votes)
        assert seen == expected, (who.login, seen)
    assert codes(Api(token(world.auditor)).get(f"/ballots/{on.ballot.id}")) == ["not_found"]
    assert codes(Api().get(f"{path}/applications")) == ["token_missing"]
    assert "希望一起培养教师" not in Api().get(f"{path}/members").content.decode()


def test_return_and_withdraw(world: World) -> None:
    on = stage(world)
    lead, applicant = Api(token(world.cqu_admin)), Api(token(world.outsider))
    path = f"/memberships/{on.application.id}"
    assert codes(lead.post(f"{path}/return", {"accept": False})) == ["reason_missing"]
    assert lead.post(f"{path}/return", {"accept": False, "answer": "请补充"}).json()["state"] == "returned"
    assert Ballot.objects.get(membership=on.application).state == "cancelled"
    body = {"organisation": "西南财经大学", "statement": "已经补充材料。"}
    assert applicant.post(f"/alliances/{world.alliance.id}/applications", body).json()["id"] == str(on.application.id)
    assert applicant.post(f"{path}/withdraw").json()["state"] == "withdrawn"
    assert codes(applicant.post(f"{path}/withdraw")) == ["already_decided"]


def test_members(world: World) -> None:
    lead, api = Api(token(world.cqu_admin)), Api(token(world.cq_officer))
    path = f"/alliances/{world.alliance.id}/members"
    assert codes(lead.post(path, {"organisation": "西南财经大学"})) == ["council_decides"]
    made = api.post(path, {"organisation": "西南财经大学", "joined": "2026-01-01"})
    assert (made.status_code, made.json()["role"]) == (201, "member")
    assert codes(lead.post(f"/memberships/{made.json()['id']}/role", {"role": "council"})) == ["council_decides"]
    raised = api.post(f"/memberships/{made.json()['id']}/role", {"role": "council"})
    assert raised.json()["role"] == "council"
    leading = Membership.objects.get(alliance=world.alliance, role="lead")
    assert codes(api.post(f"/memberships/{leading.id}/leave", {"on": "2026-01-01"})) == ["last_lead"]
    left = Api(token(world.outsider)).post(f"/memberships/{made.json()['id']}/leave", {"on": "2026-06-01"})
    assert (left.json()["state"], left.json()["left"]) == ("left", "2026-06-01")
    assert [item["organisation"]["name"] for item in items(Api(), f"{path}?left=true")] == ["西南财经大学"]
    assert len(items(Api(), f"{path}?role=council")) == 1


def test_votes_close_and_repeat(world: World) -> None:
    on, lead = stage(world), Api(token(world.cqu_admin))
    assert codes(lead.post(f"/ballots/{on.ballot.id}/close")) == ["too_early"]
    Ballot.objects.filter(pk=on.ballot.pk).update(closes_on="2026-01-01")
    closed = lead.post(f"/ballots/{on.ballot.id}/close")
    assert closed.json()["state"] == "no_quorum"
    again = lead.post(f"/ballots/{on.ballot.id}/again")
    assert (again.status_code, again.json()["state"]) == (201, "open")
    assert codes(lead.post(again["Location"] + "/again")) == ["quorum_was_met"]
    admission = {"kind": "admission", "title": "吸收新成员"}
    assert codes(lead.post(f"/alliances/{world.alliance.id}/ballots", admission)) == ["admission_by_application"]


def test_reports(world: World) -> None:
    path = f"/alliances/{world.alliance.id}/reports"
    lead, officer = Api(token(world.cqu_admin)), Api(token(world.sc_officer))
    body = {
        "year": timezone.localdate().year,
        "activities": 4,
        "participants": 120,
        "summary": "开展了四次联合教研活动。",
    }
    filed = lead.post(path, body)
    assert filed.json()["state"] == "filed"
    assert items(Api(), path) == []
    decision = f"/reports/{filed.json()['id']}/decision?version={filed.json()['version']}"
    assert codes(officer.post(decision, {"accept": False})) == ["reason_missing"]
    assert officer.post(decision, {"accept": "是"}).json()["state"] == "accepted"
    assert [item["participants"] for item in items(Api(), path)] == [120]
    assert codes(lead.post(path, body)) == ["report_accepted"]
    assert codes(lead.post(path, body | {"year": 2100})) == ["year_ahead"]
