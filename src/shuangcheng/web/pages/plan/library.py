"""Pages of the policy library: the list, a document with its clauses, links, files and what rests on it."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.policy.mentions import mentions
from shuangcheng.core.schema import read
from shuangcheng.desk import attachments, search
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import policies as actions
from shuangcheng.plan.inputs.policies import LinkInput, PolicyInput
from shuangcheng.plan.models import Clause, Intake, Item, Plan, Policy, PolicyLink, PolicyVersion
from shuangcheng.plan.terms import LinkKind

from ... import lists_policies as lists
from ...fetch import one
from ...forms import Form, attempt, submit
from ...listing import answer
from ...request import Request

MOST_CLAUSES = 8


def index(request: Request) -> HttpResponse:
    """All documents; words in their clauses are found too."""
    q = request.GET.get("q", "").strip()
    found = (
        search.find(q, actor=request.actor, limit=MOST_CLAUSES, kind="clause") if q else search.Found([], more=False)
    )
    return answer(
        lists.POLICIES,
        Policy.objects.visible_to(request.actor),
        request,
        section="plan",
        tab="policies",
        creates=may(request.actor, "policy.edit"),
        intakes=list(Intake.objects.visible_to(request.actor).open().defer("text", "readings")[:5]),
        clauses=found.entries,
        today=request.at.date(),
        issuer=request.GET.get("issuer", "")[:100],
    )


def _policy(request: Request, id: UUID) -> Policy:
    return one(Policy.objects.visible_to(request.actor), id)


def shown_version(request: Request, policy: Policy, number: int | None = None) -> PolicyVersion:
    """A text of a document, the newest unless said otherwise."""
    rows = PolicyVersion.objects.visible_to(request.actor).filter(policy=policy)
    version = rows.filter(number=number).first() if number else rows.first()
    if version is None:
        raise Http404
    return version


def _resting(request: Request, policy: Policy) -> dict[str, list[Item]]:
    """Anchor -> the items that rest on the clause, of whichever text their list follows."""
    rows = Item.objects.visible_to(request.actor).filter(clause__version__policy=policy)
    resting: dict[str, list[Item]] = defaultdict(list)
    for item in rows.select_related("clause", "plan").standing(request.at.date()).order_by("plan", "position"):
        if item.clause:
            resting[item.clause.anchor].append(item)
    return resting


def detail(request: Request, id: UUID, number: int | None = None) -> HttpResponse:
    """One document: outline, full text, and what hangs together with it."""
    policy = _policy(request, id)
    version = shown_version(request, policy, number)
    clauses = list(Clause.objects.visible_to(request.actor).filter(version=version))
    resting = _resting(request, policy)
    for clause in clauses:
        clause.resting = resting.get(clause.anchor, [])  # type: ignore[attr-defined]
    versions = list(PolicyVersion.objects.visible_to(request.actor).filter(policy=policy).defer("text", "reading"))
    links = list(policy.links.select_related("other"))
    edits = may(request.actor, "policy.edit", policy)
    seen = set(Policy.objects.visible_to(request.actor).values_list("pk", flat=True))
    context = {
        "policy": policy,
        "version": version,
        "newest": version.number == versions[0].number,
        "clauses": clauses,
        "rests": sum(len(items) for items in resting.values()),
        "versions": versions,
        "links": [(link, link.other if link.other_id in seen else None) for link in links],
        "linked_from": [link for link in policy.linked_from.select_related("policy") if link.policy_id in seen],
        "mentions": _mentions(policy, version, links) if edits else [],
        "kinds": list(LinkKind),
        "plans": Plan.objects.visible_to(request.actor)
        .filter(policy_version__policy=policy)
        .select_related("policy_version"),
        "files": attachments.of("policy", policy),
        "changes": AuditLine.objects.told_of("policy", id, to=request.actor)[:8],
        "edits": edits,
        "lapsed": bool(policy.lapses and policy.lapses < request.at.date()),
        "section": "plan",
        "tab": "policies",
    }
    return render(request, "plan/policy.html", context)


def _mentions(policy: Policy, version: PolicyVersion, links: list[PolicyLink]) -> list[object]:
    """The documents named in the text that no link says anything about yet."""
    own = (policy.title, str(version.reading.get("title", "")), str(version.reading.get("notice_title", "")))
    said = {link.title for link in links}
    return [mention for mention in mentions(version.text, own=own) if mention.title not in said]


def clause(request: Request, id: UUID) -> HttpResponse:
    """A clause by its permanent address: the place in its document."""
    row = one(Clause.objects.visible_to(request.actor).select_related("version"), id)
    newest = PolicyVersion.objects.visible_to(request.actor).filter(policy=row.version.policy_id).first()
    if newest and newest.pk != row.version_id:
        address = reverse("policy_version", args=[row.version.policy_id, row.version.number])
    else:
        address = reverse("policy", args=[row.version.policy_id])
    return redirect(f"{address}#c-{row.anchor}")


def edit(request: Request, id: UUID) -> HttpResponse:
    """Correct what stands on the title page."""
    policy = _policy(request, id)
    require(request.actor, "policy.edit", policy)
    stored = {name: getattr(policy, name) for name in PolicyInput.model_fields}
    form = Form(PolicyInput, stored, version=policy.version)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: actions.edit(policy=policy, data=data, by=request.actor, at=request.at, seen=form.version),
    ):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("policy", id=id)
    context = {
        "form": form,
        "heading": t("修改文件信息"),
        "button": t("保存"),
        "back": reverse("policy", args=[id]),
        "crumbs": [(reverse("policies"), t("政策文件")), (reverse("policy", args=[id]), policy.title)],
        "section": "plan",
        "tab": "policies",
    }
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


@require_POST
def links(request: Request, id: UUID) -> HttpResponse:
    """Confirm what the document does with another, or take that back."""
    policy = _policy(request, id)
    require(request.actor, "policy.edit", policy)
    by, at = request.actor, request.at
    if "remove" in request.POST:
        row = one(policy.links.all(), request.POST["remove"])
        attempt(request, t("已删除。"), lambda: actions.unlink(link=row, by=by, at=at))
    else:
        given = {name: request.POST.get(name, "") for name in LinkInput.model_fields}
        attempt(
            request,
            t("已登记文件关系。"),
            lambda: actions.link(policy=policy, data=read(LinkInput, given), by=by, at=at),
        )
    return redirect(f"{reverse('policy', args=[id])}#links")


def original(request: Request, id: UUID, number: int) -> FileResponse:
    """The file as it was handed in, always as a download."""
    version = shown_version(request, _policy(request, id), number)
    if not version.file:
        raise Http404
    return FileResponse(
        version.file.open("rb"),
        as_attachment=True,
        filename=version.file_name,
        content_type="application/octet-stream",
    )


@require_POST
def attach(request: Request, id: UUID) -> HttpResponse:
    """Add a file to a document, or take one away."""
    policy = _policy(request, id)
    require(request.actor, "policy.edit", policy)
    by, at = request.actor, request.at
    if "remove" in request.POST:
        row = one(attachments.of("policy", policy), request.POST["remove"])
        attempt(request, t("已删除。"), lambda: attachments.remove(attachment=row, subject=policy, by=by, at=at))
    elif sent := request.FILES.get("file"):
        given = {"name": sent.name or "", "data": sent.read()}
        attempt(
            request,
            t("已上传。"),
            lambda: attachments.attach(kind="policy", subject=policy, **given, by=by, at=at),
        )
    else:
        messages.error(request, t("请先选择文件。"), extra_tags="bad")
    return redirect(f"{reverse('policy', args=[id])}#files")


def attachment(request: Request, id: UUID, file_id: UUID) -> FileResponse:
    """A file of a document, always as a download."""
    row: Attachment = one(attachments.of("policy", _policy(request, id)), file_id)
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )


urlpatterns = [
    path("policy/", index, name="policies"),
    path("policy/<uuid:id>/", detail, name="policy"),
    path("policy/<uuid:id>/edit/", edit, name="policy_edit"),
    path("policy/<uuid:id>/links/", links, name="policy_links"),
    path("policy/<uuid:id>/files/", attach, name="policy_attach"),
    path("policy/<uuid:id>/files/<uuid:file_id>/", attachment, name="policy_attachment"),
    path("policy/<uuid:id>/versions/<int:number>/", detail, name="policy_version"),
    path("policy/<uuid:id>/versions/<int:number>/file/", original, name="policy_file"),
    path("policy/clauses/<uuid:id>/", clause, name="clause"),
]
