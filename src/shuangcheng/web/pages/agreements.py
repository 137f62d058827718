"""Pages of agreements, and checking a file or text against what was approved."""

import hashlib
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.files import Limits, extract_text, inspect
from shuangcheng.core.outcome import Refused
from shuangcheng.core.schema import read
from shuangcheng.directory.actions import agreements as actions
from shuangcheng.directory.actions import removals
from shuangcheng.directory.inputs import AgreementInput, VerifyInput
from shuangcheng.directory.lookup import uuid_or_none
from shuangcheng.directory.models import Agreement, AgreementVersion, AuditLine, Organisation
from shuangcheng.directory.policy import may, require
from shuangcheng.plan import verification
from shuangcheng.registers import agreements as agreed

from .. import lists
from ..fetch import one
from ..forms import Form, attempt, submit, version_read
from ..kept import kept
from ..listing import answer
from ..request import Request
from ..say import say

SOON_DAYS = 90
MOST_FOUND = 50


def _limits() -> Limits:
    return Limits(max_bytes=settings.SHUANGCHENG.max_upload_mb * 1024 * 1024)


@kept
def index(request: Request) -> HttpResponse:
    """All agreements."""
    rows = Agreement.objects.visible_to(request.actor).prefetch_related("parties")
    party = uuid_or_none(request.GET.get("party", ""))
    shown_party = Organisation.objects.filter(pk=party).first() if party else None
    return answer(
        lists.AGREEMENTS,
        rows,
        request,
        tab="agreements",
        section="directory",
        today=request.at.date(),
        creates=may(request.actor, "agreement.create"),
        party=shown_party,
    )


def _get(request: Request, id: UUID) -> Agreement:
    return one(
        Agreement.objects.visible_to(request.actor).select_related("alliance__organisation", "zone", "revises"), id
    )


@kept
def detail(request: Request, id: UUID) -> HttpResponse:
    """One agreement with its approved versions."""
    agreement = _get(request, id)
    today = request.at.date()
    versions = list(agreement.versions.all())
    context = {
        "agreement": agreement,
        "parties": agreement.parties.all(),
        "versions": versions,
        "revised": hasattr(agreement, "revision"),
        "revision": Agreement.objects.visible_to(request.actor).filter(revises=agreement).first(),
        "expired": agreement.expired(today),
        "days_left": (agreement.expires - today).days if agreement.expires else None,
        "soon": SOON_DAYS,
        "changes": AuditLine.objects.told_of("agreement", id, to=request.actor)[:10],
        "max_bytes": settings.SHUANGCHENG.max_upload_mb * 1024 * 1024,
        "section": "directory",
        "tab": "agreements",
    }
    return render(request, "directory/agreement.html", context)


def edit(request: Request, id: UUID | None = None) -> HttpResponse:
    """Begin or change an agreement."""
    agreement = _get(request, id) if id else None
    require(request.actor, "agreement.edit" if agreement else "agreement.create", agreement)
    revision = agreement and Agreement.objects.visible_to(request.actor).filter(revises=agreement).first()
    if revision and request.method == "GET":
        return redirect("agreement_edit", id=revision.id)
    initial = {}
    if agreement:
        initial = {name: getattr(agreement, name) for name in AgreementInput.model_fields}
        initial |= {
            "parties": [party.name for party in agreement.parties.all()],
            "alliance": str(agreement.alliance or ""),
            "zone": str(agreement.zone or ""),
        }
    form = Form(AgreementInput, initial, version=agreement.version if agreement else None)

    def act(data: AgreementInput) -> Agreement:
        if agreement:
            return actions.edit(
                agreement=agreement, data=data, version=form.version or 0, by=request.actor, at=request.at
            )
        return actions.draft(data=data, by=request.actor, at=request.at)

    if request.method == "POST" and (saved := submit(form, request, act)):
        messages.success(request, t("已保存为草稿。"))
        return redirect("agreement", id=saved.id)
    back = reverse("agreement", args=[id]) if id else reverse("agreements")
    context = {
        "form": form,
        "tab": "agreements",
        "section": "directory",
        "back": back,
        "crumbs": [(reverse("agreements"), t("协议"))],
        "button": t("保存草稿"),
        "heading": t("修改协议") if agreement else t("起草协议"),
        "lede": t("修改保存为修改稿，签署后才取代现行版本；在此以前公众看到的仍是现行版本。")
        if agreement and (agreement.revises or agreement.state == "approved")
        else "",
    }
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


@require_POST
def upload(request: Request, id: UUID) -> HttpResponse:
    """Attach the signed file; its text fills the agreement's when that is empty."""
    agreement = _get(request, id)
    require(request.actor, "agreement.edit", agreement)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, t("请先选择文件。"), extra_tags="bad")
        return redirect("agreement", id=id)
    content = sent.read()

    def act() -> None:
        inspected = inspect(name=sent.name or "", data=content, limits=_limits())
        text = ""
        try:
            text = extract_text(inspected=inspected, data=content).text
        except Refused as refused:
            for objection in refused.objections:
                messages.warning(request, say(objection.message), extra_tags="warn")
        for warning in inspected.warnings:
            messages.warning(request, say(warning), extra_tags="warn")
        actions.attach(
            agreement=agreement, name=sent.name or "", content=content, text=text, by=request.actor, at=request.at
        )

    attempt(request, t("文件已上传。"), act)
    return redirect("agreement", id=id)


@require_POST
def decide(request: Request, id: UUID) -> HttpResponse:
    """Approve an agreement or end it."""
    agreement = _get(request, id)
    by, at = request.actor, request.at
    if request.POST.get("do") == "approve":
        seen, said = version_read(request), t("已签署，本版本已存证。")
        if attempt(request, said, lambda: actions.approve(agreement=agreement, version=seen, by=by, at=at)):
            return redirect("agreement", id=agreement.revises_id or id)
    elif request.POST.get("do") == "end":
        reason = request.POST.get("reason", "")[:300]
        attempt(request, t("协议已终止。"), lambda: actions.end(agreement=agreement, reason=reason, by=by, at=at))
    elif request.POST.get("do") == "discard" and attempt(
        request, t("草稿已删除。"), lambda: removals.discard(agreement=agreement, by=by, at=at)
    ):
        return redirect("agreement", id=agreement.revises_id) if agreement.revises_id else redirect("agreements")
    return redirect("agreement", id=id)


def file(request: Request, id: UUID) -> FileResponse:
    """The attached file, always as a download."""
    agreement = _get(request, id)
    if not agreement.file:
        raise Http404
    return FileResponse(
        agreement.file.open("rb"),
        as_attachment=True,
        filename=agreement.file_name,
        content_type="application/octet-stream",
    )


def version(request: Request, id: UUID, number: int) -> HttpResponse:
    """An approved version, as it was."""
    agreement = _get(request, id)
    row = get_object_or_404(AgreementVersion, agreement=agreement, number=number)
    context = {"agreement": agreement, "version": row, "section": "directory", "tab": "agreements"}
    return render(request, "directory/agreement_version.html", context)


def verify(request: Request) -> HttpResponse:
    """Whether a file, a text or a digest is what was approved."""
    digests: list[str] = []
    asked = wrong = ""
    typed = request.POST.get("digest") or request.GET.get("digest") or ""
    if sent := request.FILES.get("file"):
        digests, asked = [hashlib.sha256(sent.read()).hexdigest()], sent.name or ""
    elif text := request.POST.get("text", "").strip():
        digests, asked = [actions.text_digest(text)], t("粘贴的正文")
    elif typed.strip():
        try:
            asked = read(VerifyInput, {"digest": typed}).digest
            digests = [asked]
        except Refused as refused:
            wrong = say(refused.objections[0].message)
    found: list[AgreementVersion] = []
    for digest in digests:
        versions = AgreementVersion.objects.visible_to(request.actor).having(digest).select_related("agreement")
        found += versions.order_by("-approved_at", "-id")[:MOST_FOUND]
    open_to_reader = Agreement.objects.visible_to(request.actor).filter(pk__in=[row.agreement_id for row in found])
    readable = set(open_to_reader.values_list("pk", flat=True))
    rows = [(row, row.number == row.agreement.versions.count(), row.agreement_id in readable) for row in found]
    digest = digests[0] if digests else ""
    plans = verification.plans(digest, actor=request.actor) if digest else []
    minutes = verification.minutes(digest, actor=request.actor) if digest else []
    sharings = agreed.having(digest) if digest else []
    context = {
        "sharings": sharings,
        "asked": asked,
        "typed": typed.strip()[:80],
        "wrong": wrong,
        "digest": digest,
        "rows": rows,
        "plans": plans,
        "minutes": minutes,
        "found": bool(rows or plans or minutes or sharings),
        "section": "verify",
        "max_bytes": settings.SHUANGCHENG.max_upload_mb * 1024 * 1024,
    }
    return render(request, "directory/verify.html", context, status=422 if wrong else 200)


urlpatterns = [
    path("agreements/", index, name="agreements"),
    path("agreements/new/", edit, name="agreement_new"),
    path("agreements/<uuid:id>/", detail, name="agreement"),
    path("agreements/<uuid:id>/edit/", edit, name="agreement_edit"),
    path("agreements/<uuid:id>/upload/", upload, name="agreement_upload"),
    path("agreements/<uuid:id>/decide/", decide, name="agreement_decide"),
    path("agreements/<uuid:id>/file/", file, name="agreement_file"),
    path("agreements/<uuid:id>/versions/<int:number>/", version, name="agreement_version"),
    path("verify/", verify, name="verify"),
]
