"""Alliances, pairs and zones, and the agreements that sources name."""

from shuangcheng.core.schema import read as read_input
from shuangcheng.directory import lookup
from shuangcheng.directory.actions import agreements, alliances
from shuangcheng.directory.actions import zones as zones_of
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.inputs import AgreementInput, AllianceInput, MemberInput, ZoneInput
from shuangcheng.directory.models import Agreement, Alliance, Zone
from shuangcheng.directory.terms import MemberRole

from . import read
from .clock import Clock
from .ids import steady

ALLIANCE = ("name", "kind", "field", "action_plan", "division", "lead", "founded", "purpose", "charter")
ZONE = ("name", "kind", "level", "aims_at", "field", "action_plan", "divisions", "leads", "basis", "tasks")
AGREEMENT = ("title", "number", "field", "action_plan", "parties", "alliance", "zone", "signed", "text")


def found(by: Actor, clock: Clock) -> int:
    """Enter the alliances with the members that their source names."""
    count = 0
    for entry in read.entries("alliances", "alliance"):
        if Alliance.objects.filter(organisation__name=entry["name"]).exists():
            continue
        data = read_input(AllianceInput, read.facts(entry, *ALLIANCE))
        alliance = alliances.found(
            data=data, by=by, at=clock.ago(400), source=read.source(entry), year_only=entry.get("year_only", False),
            reported=read.figures(entry), id=steady("alliance", entry["name"]),
        )  # fmt: skip
        _enter_members(alliance, entry, by=by, clock=clock)
        count += 1
    return count


def _enter_members(alliance: Alliance, entry: read.Entry, *, by: Actor, clock: Clock) -> None:
    members = [(name, MemberRole.MEMBER) for name in entry.get("members", ())]
    for name, role in (*entry.get("council", ()), *members):
        joined = entry["founded"] if entry.get("invented") else ""
        data = read_input(MemberInput, {"organisation": name, "role": role, "joined": joined})
        alliances.enter_member(alliance=alliance, data=data, by=by, at=clock.ago(400), source=read.source(entry))


def zones(by: Actor, clock: Clock) -> int:
    """Enter pairs, border zones, experimental and demonstration zones and pilots."""
    count = 0
    for entry in read.entries("zones", "zone"):
        if Zone.objects.filter(name=entry["name"]).exists():
            continue
        data = read_input(ZoneInput, read.facts(entry, *ZONE))
        zones_of.save(
            data=data, by=by, at=clock.ago(390), reported=read.figures(entry), id=steady("zone", entry["name"])
        )
        count += 1
    return count


def agree(by: Actor, clock: Clock) -> int:
    """Enter the agreements; one whose day of signing no source tells stays a draft."""
    count = 0
    for entry in read.entries("agreements", "agreement"):
        if Agreement.objects.filter(title=entry["title"]).exists():
            continue
        data = read_input(AgreementInput, read.facts(entry, *AGREEMENT) | {"text": entry["text"].strip()})
        agreement = agreements.draft(data=data, by=by, at=clock.ago(380), source=read.source(entry))
        if data.signed:
            agreements.approve(agreement=agreement, version=agreement.version, by=by, at=clock.ago(379))
        count += 1
    return count


def named(name: str) -> Alliance:
    """An alliance of the demonstration."""
    return lookup.alliance(name)
