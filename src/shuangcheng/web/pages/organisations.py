"""Pages of organisations."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.directory.actions import organisations as actions
from shuangcheng.directory.actions import removals
from shuangcheng.directory.inputs import DesignationInput, MergeInput, OrganisationInput, ProgrammeInput, RenameInput
from shuangcheng.directory.models import (
    Agreement,
    AuditLine,
    CatalogueEntry,
    Designation,
    Division,
    Membership,
    Organisation,
    Programme,
)
from shuangcheng.directory.policy import may, require

from .. import lists, plan_slice
from ..fetch import one
from ..forms import Form, attempt, submit
from ..kept import kept
from ..listing import answer
from ..request import Request


@kept
def index(request: Request) -> HttpResponse:
    """All organisations."""
    rows = Organisation.objects.visible_to(request.actor).exclude(type="alliance").select_related("division__parent")
    asked = request.GET.get("division")
    place = Division.objects.filter(path=asked).first() if asked else None
    return answer(
        lists.ORGANISATIONS,
        rows.prefetch_related("names"),
        request,
        tab="organisations",
        section="directory",
        place=place,
        creates=may(request.actor, "organisation.create", request.actor.side),
        imports=may(request.actor, "import.organisation"),
    )


def _crumbs(*organisations: Organisation) -> list[tuple[str, str]]:
    first = [(reverse("organisations"), t("机构"))]
    return first + [(reverse("organisation", args=[row.id]), row.name) for row in organisations]


@kept
def detail(request: Request, id: UUID) -> HttpResponse:
    """One organisation with all that is known of it."""
    rows = Organisation.objects.visible_to(request.actor).select_related("division__parent", "merged_into", "alliance")
    organisation = one(rows, id)
    if hasattr(organisation, "alliance"):
        return redirect("alliance", id=organisation.alliance.id)
    members = Membership.objects.visible_to(request.actor).filter(organisation=organisation)
    context = {
        "organisation": organisation,
        "names": organisation.names.all(),
        "programmes": organisation.programmes.select_related("entry")[:200],
        "designations": organisation.designations.all(),
        "memberships": members.select_related("alliance__organisation").order_by(
            "state", "alliance__organisation__pinyin"
        ),
        "agreements": Agreement.objects.visible_to(request.actor).filter(parties=organisation)[:20],
        "zones": organisation.zones_led.all(),
        "changes": AuditLine.objects.told_of("organisation", id, to=request.actor)[:8],
        "slice": plan_slice.of_organisation(request, id),
        "section": "directory",
        "tab": "organisations",
    }
    return render(request, "directory/organisation.html", context)


def _page(request: Request, form: Form, **context: object) -> HttpResponse:
    status = 422 if form.wrong else 200
    base = {"form": form, "tab": "organisations", "section": "directory"}
    return render(request, "forms/page.html", {**base, **context}, status=status)


def create(request: Request) -> HttpResponse:
    """Enter an organisation."""
    require(request.actor, "organisation.create", request.actor.side)
    form = Form(OrganisationInput)
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.create(data=data, by=request.actor, at=request.at))
        if made:
            messages.success(request, t("已登记“%(name)s”。") % {"name": made.name})
            return redirect("organisation", id=made.id)
    return _page(
        request, form, heading=t("登记机构"), button=t("登记"), back=reverse("organisations"), crumbs=_crumbs()
    )


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change an organisation."""
    organisation = one(Organisation.objects.visible_to(request.actor).select_related("division"), id)
    require(request.actor, "organisation.edit", organisation)
    undated = organisation.names.filter(valid_from__isnull=True, valid_until__isnull=True, basis="")
    initial = {
        name: getattr(organisation, name) for name in OrganisationInput.model_fields if hasattr(organisation, name)
    }
    initial |= {
        "division": organisation.division.code if organisation.division else "",
        "former_names": "、".join(undated.values_list("name", flat=True)),
    }
    form = Form(OrganisationInput, initial, hide=("name",), version=organisation.version)
    if request.method == "POST":
        changed = submit(
            form,
            request,
            name=organisation.name,
            action=lambda data: actions.edit(
                organisation=organisation,
                data=data,
                version=form.version or 0,
                by=request.actor,
                at=request.at,
            ),
        )
        if changed:
            messages.success(request, t("已保存。"))
            return redirect("organisation", id=id)
    return _page(
        request,
        form,
        heading=t("修改机构信息"),
        button=t("保存"),
        back=reverse("organisation", args=[id]),
        crumbs=_crumbs(organisation),
        lede=t("更改名称请使用“更名”，以便保留曾用名。"),
    )


def rename(request: Request, id: UUID) -> HttpResponse:
    """Give an organisation a new name."""
    organisation = one(Organisation.objects.visible_to(request.actor), id)
    require(request.actor, "organisation.rename", organisation)
    form = Form(RenameInput, {"name": organisation.name, "since": request.at.date()})
    if request.method == "POST":
        done = submit(
            form,
            request,
            lambda data: actions.rename(organisation=organisation, data=data, by=request.actor, at=request.at),
        )
        if done:
            messages.success(request, t("已更名。用原名仍可查到。"))
            return redirect("organisation", id=id)
    return _page(
        request,
        form,
        heading=t("更名"),
        button=t("更名"),
        back=reverse("organisation", args=[id]),
        crumbs=_crumbs(organisation),
    )


def merge(request: Request, id: UUID) -> HttpResponse:
    """Mark an organisation as merged into another."""
    organisation = one(Organisation.objects.visible_to(request.actor), id)
    require(request.actor, "organisation.rename", organisation)
    form = Form(MergeInput)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: removals.merge(organisation=organisation, data=data, by=request.actor, at=request.at),
    ):
        messages.success(request, t("已登记并入。"))
        return redirect("organisation", id=id)
    back = reverse("organisation", args=[id])
    return _page(request, form, heading=t("并入"), button=t("登记并入"), back=back, crumbs=_crumbs(organisation))


@require_POST
def remove(request: Request, id: UUID) -> HttpResponse:
    """Take back a programme or a title that was entered by mistake."""
    organisation = one(Organisation.objects.visible_to(request.actor), id)
    by, at = request.actor, request.at
    if "programme" in request.POST:
        programme = get_object_or_404(organisation.programmes, pk=request.POST["programme"])
        attempt(request, t("已删除。"), lambda: removals.remove_programme(programme=programme, by=by, at=at))
    else:
        designation = get_object_or_404(organisation.designations, pk=request.POST.get("designation"))
        attempt(request, t("已删除。"), lambda: removals.remove_designation(designation=designation, by=by, at=at))
    return redirect("organisation", id=id)


def programme(request: Request, id: UUID, programme_id: UUID | None = None) -> HttpResponse:
    """Enter or change a programme."""
    organisation = one(Organisation.objects.visible_to(request.actor), id)
    require(request.actor, "programme.edit", organisation)
    row = (
        get_object_or_404(Programme.objects.select_related("entry"), pk=programme_id, organisation=organisation)
        if programme_id
        else None
    )
    initial = {name: getattr(row, name) for name in ("direction", "years", "opened", "quota", "state")} if row else {}
    if row:
        initial |= {"catalogue": row.entry.catalogue, "code": row.entry.code}
    form = Form(ProgrammeInput, initial, version=row.version if row else None)

    def act(data: ProgrammeInput) -> Programme:
        if row:
            version = form.version or 0
            return actions.edit_programme(programme=row, data=data, version=version, by=request.actor, at=request.at)
        return actions.add_programme(organisation=organisation, data=data, by=request.actor, at=request.at)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("已保存。"))
        return redirect(f"{reverse('organisation', args=[id])}#programmes")
    heading = t("修改专业点") if row else t("登记专业点")
    return _page(
        request,
        form,
        heading=heading,
        button=t("保存"),
        back=reverse("organisation", args=[id]),
        crumbs=_crumbs(organisation),
    )


def designation(request: Request, id: UUID, designation_id: UUID | None = None) -> HttpResponse:
    """Enter or change a title."""
    organisation = one(Organisation.objects.visible_to(request.actor), id)
    require(request.actor, "designation.edit", organisation)
    row = get_object_or_404(Designation, pk=designation_id, organisation=organisation) if designation_id else None
    initial = {name: getattr(row, name) for name in DesignationInput.model_fields} if row else {}
    form = Form(DesignationInput, initial, version=row.version if row else None)

    def act(data: DesignationInput) -> Designation:
        if row:
            return actions.edit_designation(
                designation=row, data=data, version=form.version or 0, by=request.actor, at=request.at
            )
        return actions.designate(organisation=organisation, data=data, by=request.actor, at=request.at)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("已保存。"))
        return redirect(f"{reverse('organisation', args=[id])}#designations")
    return _page(
        request,
        form,
        heading=t("称号与认定"),
        button=t("保存"),
        back=reverse("organisation", args=[id]),
        crumbs=_crumbs(organisation),
    )


@kept
def designations(request: Request) -> HttpResponse:
    """All titles, with the certified firms."""
    rows = Designation.objects.select_related("organisation__division")
    return answer(lists.DESIGNATIONS, rows, request, tab="designations", section="directory")


@kept
def programmes(request: Request) -> HttpResponse:
    """All programmes."""
    rows = Programme.objects.select_related("organisation", "entry")
    asked = request.GET.get("code")
    entry = CatalogueEntry.objects.filter(code=asked).first() if asked else None
    return answer(
        lists.PROGRAMMES,
        rows,
        request,
        tab="programmes",
        section="directory",
        entry=entry,
        imports=may(request.actor, "import.programme"),
    )


urlpatterns = [
    path("organisations/", index, name="organisations"),
    path("organisations/new/", create, name="organisation_new"),
    path("organisations/<uuid:id>/", detail, name="organisation"),
    path("organisations/<uuid:id>/edit/", edit, name="organisation_edit"),
    path("organisations/<uuid:id>/rename/", rename, name="organisation_rename"),
    path("organisations/<uuid:id>/merge/", merge, name="organisation_merge"),
    path("organisations/<uuid:id>/remove/", remove, name="organisation_remove"),
    path("organisations/<uuid:id>/programmes/new/", programme, name="programme_new"),
    path("organisations/<uuid:id>/programmes/<uuid:programme_id>/", programme, name="programme"),
    path("organisations/<uuid:id>/designations/new/", designation, name="designation_new"),
    path("organisations/<uuid:id>/designations/<uuid:designation_id>/", designation, name="designation"),
    path("designations/", designations, name="designations"),
    path("programmes/", programmes, name="programmes"),
]
