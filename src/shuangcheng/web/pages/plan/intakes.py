"""Pages for taking documents into the library: hand in, look at what was read, correct, take in; newer texts."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Objection, Refused, Why
from shuangcheng.core.policy.document import ONLY_CONTENTS
from shuangcheng.core.policy.packing import unpack
from shuangcheng.core.policy.shapes import Document, DocumentKind
from shuangcheng.core.schema import read
from shuangcheng.core.table import unpack as unpack_message
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import Field
from shuangcheng.plan.actions import intakes as actions
from shuangcheng.plan.actions import policies
from shuangcheng.plan.inputs.policies import MOST_TEXT, PolicyInput, TextInput
from shuangcheng.plan.models import Intake, Policy, PolicyVersion
from shuangcheng.plan.reading import title_page

from ...fetch import one
from ...forms import Form, attempt
from ...request import Request
from ...say import say

STATUS = {Why.TOO_LARGE: 413, Why.CONFLICT: 409}


def _renewed(request: Request, key: str) -> Policy | None:
    return one(Policy.objects.visible_to(request.actor), key) if key else None


@never_cache
def new(request: Request) -> HttpResponse:
    """Hand in a file or a text."""
    renews = _renewed(request, request.POST.get("renews") or request.GET.get("renews", ""))
    require(request.actor, "policy.edit", renews)
    form = Form(TextInput)
    objections: tuple[Objection, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            return redirect("intake", id=_receive(request, form, renews).id)
        except Refused as refused:
            if refused.why in (Why.FORBIDDEN, Why.SIGN_IN):
                raise
            objections, status = refused.objections, STATUS.get(refused.why, 422)
    there = {objection.code: objection.message.values.get("id") for objection in objections}
    context = {
        "form": form,
        "text": request.POST.get("text", ""),
        "reasons": [say(objection.message) for objection in objections],
        "known": there.get("policy.there"),
        "waiting": there.get("policy.waiting"),
        "renews": renews,
        "limit": settings.SHUANGCHENG.max_upload_mb,
        "max_bytes": settings.SHUANGCHENG.max_upload_mb * 1024 * 1024,
        "most": MOST_TEXT,
        "section": "plan",
        "tab": "policies",
    }
    return render(request, "plan/policy_new.html", context, status=status)


def _receive(request: Request, form: Form[TextInput], renews: Policy | None) -> Intake:
    who: dict[str, Any] = {"by": request.actor, "at": request.at, "renews": renews}
    if sent := request.FILES.get("file"):
        return actions.receive_file(name=sent.name or "", data=sent.read(), **who)
    return actions.receive_text(data=form.read(request), **who)


def _intake(request: Request, id: UUID) -> Intake:
    return one(Intake.objects.visible_to(request.actor).select_related("renews"), id)


@never_cache
def detail(request: Request, id: UUID) -> HttpResponse:
    """What was read, and the title page to correct; of a compilation one article at a time."""
    intake = _intake(request, id)
    require(request.actor, "policy.edit", intake.renews)
    documents = [unpack(reading) for reading in intake.readings]
    asked = request.POST.get("article") or request.GET.get("article", "")
    first = next((number for number in range(len(documents)) if str(number) not in intake.taken), 0)
    number = int(asked) if asked.isdecimal() and int(asked) < len(documents) else first
    document = documents[number]
    form = Form(PolicyInput, title_page(intake, document))
    if request.method == "POST":
        made = _take(request, intake, number, form)
        if made:
            return made
    there = {row.text_sha256: row.policy for row in _same(intake)}
    context = {
        "intake": intake,
        "articles": [
            {
                "number": place,
                "document": one_document,
                "policy": intake.taken.get(str(place)),
                "there": there.get(digest),
            }
            for place, (one_document, digest) in enumerate(zip(documents, intake.digests, strict=True))
        ],
        "number": number,
        "document": document,
        "report": document.kind is DocumentKind.ARTICLE
        and not document.measures
        and ONLY_CONTENTS not in document.doubts,
        "excerpt": intake.text[document.start : document.end].strip()[:3000],
        "taken": intake.taken.get(str(number)),
        "there": there.get(intake.digests[number]),
        "older": None if intake.renews else _older(request, document),
        "form": form,
        "fields": list(Field),
        "warnings": [say(unpack_message(packed)) for packed in intake.warnings],
        "section": "plan",
        "tab": "policies",
    }
    return render(request, "plan/intake.html", context, status=422 if form.wrong else 200)


def _same(intake: Intake) -> list[PolicyVersion]:
    """The texts of the library that are word for word in an intake, for officers."""
    rows = PolicyVersion.objects.filter(text_sha256__in=intake.digests).select_related("policy")
    return list(rows.defer("text", "reading"))


def _older(request: Request, document: Document) -> Policy | None:
    """A document of the library that this seems to be another text of."""
    wanted = Q(title=document.title)
    if document.doc_number:
        wanted |= Q(doc_number=document.doc_number)
    return Policy.objects.visible_to(request.actor).filter(wanted).first()


def _take(request: Request, intake: Intake, number: int, form: Form[PolicyInput]) -> HttpResponse | None:
    """Take an article in, as a document of its own or as a newer text; None when that was refused."""
    by, at = request.actor, request.at
    renews = intake.renews or _renewed(request, request.POST.get("renews", ""))
    try:
        if renews and "renews" in request.POST:
            note = request.POST.get("note", "")[:300]
            version = policies.renew(intake=intake, article=number, policy=renews, note=note, by=by, at=at)
            messages.success(request, t("已收录为新的文本。下面是两个文本的差异。"), extra_tags="ok")
            return redirect("policy_difference", id=renews.id, number=version.number)
        policy = policies.take(intake=intake, article=number, data=form.read(request), by=by, at=at)
    except Refused as refused:
        if not form.wrong:
            form.refuse(refused)
        return None
    messages.success(request, t("已收录《%(title)s》。") % {"title": policy.title}, extra_tags="ok")
    intake.refresh_from_db()
    return redirect("policy", id=policy.id) if intake.closed else redirect("intake", id=intake.id)


@require_POST
def take_chosen(request: Request, id: UUID) -> HttpResponse:
    """Take several articles of a compilation in with what was read; what is refused stays and is told."""
    intake = _intake(request, id)
    require(request.actor, "policy.edit", None)
    taken = 0
    for key in request.POST.getlist("articles"):
        number = int(key) if key.isdecimal() else -1
        if not 0 <= number < len(intake.readings):
            continue
        given = title_page(intake, unpack(intake.readings[number])) | {"field": request.POST.get("field", "")}
        try:
            data = read(PolicyInput, given)
            policies.take(intake=intake, article=number, data=data, by=request.actor, at=request.at)
            taken += 1
        except Refused as refused:
            reasons = "".join(say(objection.message) for objection in refused.objections)
            messages.error(request, t("第 %(n)d 篇没有收录：") % {"n": number + 1} + reasons, extra_tags="bad")
    if taken:
        text = ngettext("已收录 %(n)d 篇。", "已收录 %(n)d 篇。", taken) % {"n": taken}
        messages.success(request, text, extra_tags="ok")
    elif not request.POST.getlist("articles"):
        messages.error(request, t("请先勾选要收录的文章。"), extra_tags="bad")
    intake.refresh_from_db()
    return redirect("policies") if intake.closed else redirect("intake", id=id)


@require_POST
def discard(request: Request, id: UUID) -> HttpResponse:
    """Give up what has not been taken in."""
    intake = _intake(request, id)
    done = attempt(
        request,
        t("已放弃“%(name)s”。") % {"name": intake.name},
        lambda: actions.discard(intake=intake, by=request.actor, at=request.at),
    )
    return redirect(reverse("policies") if done else reverse("intake", args=[id]))


urlpatterns = [
    path("policy/new/", new, name="policy_new"),
    path("policy/intakes/<uuid:id>/", detail, name="intake"),
    path("policy/intakes/<uuid:id>/take/", take_chosen, name="intake_take"),
    path("policy/intakes/<uuid:id>/discard/", discard, name="intake_discard"),
]
