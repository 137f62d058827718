"""Work on an item: targets, observed values, progress, evidence, discussion."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.desk.models import Attachment
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import evidence, items, progress
from shuangcheng.plan.inputs.items import (
    ObservationInput,
    ProgressInput,
    ReasonInput,
    RemarkInput,
    TargetInput,
)
from shuangcheng.plan.models import Item, Progress, Target

from ...fetch import one
from ...figures import parted, with_figures
from ...forms import Form, attempt, submit
from ...request import Request
from .item import get
from .item_form import page


def _target(request: Request, id: UUID, target_id: UUID) -> Target:
    return one(get(request, id).targets.select_related("item__plan", "item__lead_cq", "item__lead_sc"), target_id)


def _back(id: UUID, part: str) -> HttpResponse:
    return redirect(f"{reverse('item', args=[id])}#{part}")


def target(request: Request, id: UUID, target_id: UUID | None = None) -> HttpResponse:
    """Add or change a target."""
    item = get(request, id)
    require(request.actor, "item.edit", item)
    row = _target(request, id, target_id) if target_id else None
    stored = {name: getattr(row, name) for name in TargetInput.model_fields} if row else {}
    form = Form(TargetInput, stored, version=row.version if row else None)

    def act(data: TargetInput) -> Target:
        by, at = request.actor, request.at
        if row:
            return items.edit_target(target=row, data=data, by=by, at=at, seen=form.version)
        return items.add_target(item=item, data=data, by=by, at=at)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("已保存。"))
        return _back(id, "targets")
    heading = t("修改目标") if row else t("增加目标")
    return page(request, form, heading=heading, button=t("保存"), item=item)


@require_POST
def target_remove(request: Request, id: UUID, target_id: UUID) -> HttpResponse:
    """Take back a target that was entered by mistake."""
    row = _target(request, id, target_id)
    require(request.actor, "item.edit", row.item)
    data = ReasonInput(reason=request.POST.get("reason", "").strip()[:200] or t("录入有误"))
    attempt(request, t("已删除。"), lambda: items.remove_target(target=row, data=data, by=request.actor, at=request.at))
    return _back(id, "targets")


def observe(request: Request, id: UUID, target_id: UUID) -> HttpResponse:
    """Enter an observed value of a target."""
    row = _target(request, id, target_id)
    require(request.actor, "target.observe", row.item)
    form = Form(ObservationInput, {"on": request.at.date()})
    if request.method == "POST" and submit(
        form, request, lambda data: progress.observe(target=row, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已登记。"))
        return _back(id, "targets")
    return page(request, form, heading=t("登记目标数值"), button=t("登记"), item=row.item, lede=row.subject)


def report(request: Request, id: UUID) -> HttpResponse:
    """Report progress on one page: state, percent, words, figures of the targets, evidence."""
    item = get(request, id)
    require(request.actor, "item.report", item)
    targets = list(item.targets.all())
    told = item.told if item.told != "not_started" else "on_track"
    form: Form[Any] = Form(
        with_figures(ProgressInput, targets),
        {"on": request.at.date(), "told": told, "reason": item.told_reason, "percent": item.percent},
    )

    def act(data: ProgressInput) -> Progress:
        given, figures = parted(data, ProgressInput, targets)
        plain = ProgressInput.model_construct(**given)
        files = [(file.name or "", file.read()) for file in request.FILES.getlist("file")]
        return progress.report(item=item, data=plain, by=request.actor, at=request.at, figures=figures, files=files)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("进展已报告。"))
        return _back(id, "progress")
    limit = settings.SHUANGCHENG.max_upload_mb
    return page(
        request, form, heading=t("报告进展"), button=t("提交"), item=item, template="plan/report.html", limit=limit,
        max_bytes=limit * 1024 * 1024, files=bool(request.FILES),
    )  # fmt: skip


def withdraw(request: Request, id: UUID, progress_id: UUID) -> HttpResponse:
    """Take back a wrong report."""
    item = get(request, id)
    row = one(Progress.objects.visible_to(request.actor).filter(item=item).select_related("item__plan"), progress_id)
    require(request.actor, "progress.withdraw", row)
    form = Form(ReasonInput)
    if request.method == "POST" and submit(
        form, request, lambda data: progress.withdraw(progress=row, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已撤回，事项恢复为上一次报告的状态。"))
        return _back(id, "progress")
    lede = t("%(day)s 的进展连同它的数值和佐证材料都会撤回，事项恢复为上一次报告的状态。") % {"day": row.on}
    return page(request, form, heading=t("撤回进展"), button=t("撤回"), item=item, lede=lede)


def remark(request: Request, id: UUID) -> HttpResponse:
    """Say something about an item, raise a dispute or settle it."""
    item = get(request, id)
    require(request.actor, "item.discuss", item)
    form = Form(RemarkInput)
    if request.method == "POST" and submit(
        form, request, lambda data: progress.remark(item=item, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已发表。"))
        return _back(id, "discussion")
    return page(request, form, heading=t("发表意见"), button=t("发表"), item=item)


def _subject(request: Request, file: Attachment) -> Item | Progress:
    """What a file belongs to, if the reader sees it."""
    if file.subject_kind == "item":
        return get(request, file.subject_id)
    if file.subject_kind == "progress":
        seen_reports = Progress.objects.visible_to(request.actor).filter(
            item__in=Item.objects.visible_to(request.actor)
        )
        return one(seen_reports.select_related("item__plan", "item__lead_cq", "item__lead_sc"), file.subject_id)
    raise Http404


@require_POST
def evidence_add(request: Request, id: UUID) -> HttpResponse:
    """Keep files with an item, or with one of its reports; all of them or none."""
    item = get(request, id)
    require(request.actor, "item.report", item)
    subject: Item | Progress = item
    if key := request.POST.get("progress"):
        subject = one(Progress.objects.visible_to(request.actor).filter(item=item).select_related("item__plan"), key)
    sent = request.FILES.getlist("file")
    if not sent:
        messages.error(request, t("请先选择文件。"), extra_tags="bad")
        return _back(id, "evidence")

    def act() -> None:
        with transaction.atomic():
            for file in sent:
                evidence.attach(
                    subject=subject, name=file.name or "", data=file.read(), by=request.actor, at=request.at
                )

    attempt(request, t("已上传。"), act)
    return _back(id, "evidence")


def evidence_file(request: Request, id: UUID) -> FileResponse:
    """A file as a download; a picture may be shown in a page."""
    file = one(Attachment.objects.all(), id)
    _subject(request, file)
    shown = file.is_picture and "show" in request.GET
    return FileResponse(
        file.file.open("rb"), as_attachment=not shown, filename=file.name,
        content_type=file.media_type if shown else "application/octet-stream",
    )  # fmt: skip


@require_POST
def evidence_remove(request: Request, id: UUID) -> HttpResponse:
    """Take a file away."""
    file = one(Attachment.objects.all(), id)
    subject = _subject(request, file)
    item = subject.item if isinstance(subject, Progress) else subject
    require(request.actor, "item.report", item)
    attempt(
        request, t("已删除“%(name)s”。") % {"name": file.name},
        lambda: evidence.remove(attachment=file, subject=subject, by=request.actor, at=request.at),
    )  # fmt: skip
    return _back(item.pk, "evidence")


ITEM = "plan/items/<uuid:id>"
urlpatterns = [
    path(f"{ITEM}/targets/new/", target, name="target_new"),
    path(f"{ITEM}/targets/<uuid:target_id>/", target, name="target"),
    path(f"{ITEM}/targets/<uuid:target_id>/remove/", target_remove, name="target_remove"),
    path(f"{ITEM}/targets/<uuid:target_id>/observe/", observe, name="target_observe"),
    path(f"{ITEM}/report/", report, name="item_report"),
    path(f"{ITEM}/progress/<uuid:progress_id>/withdraw/", withdraw, name="progress_withdraw"),
    path(f"{ITEM}/remark/", remark, name="item_remark"),
    path(f"{ITEM}/evidence/", evidence_add, name="evidence_add"),
    path("plan/evidence/<uuid:id>/", evidence_file, name="evidence"),
    path("plan/evidence/<uuid:id>/remove/", evidence_remove, name="evidence_remove"),
]
