"""Pages of people, their accounts and roles; and the audit trail."""

from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused, Why, refusal
from shuangcheng.core.passwords import first_password
from shuangcheng.core.text import _
from shuangcheng.directory.actions import people as actions
from shuangcheng.directory.models import Account, AuditLine, Grant, Organisation, Person, PersonNumber
from shuangcheng.directory.people_inputs import GrantInput, NameInput, PersonInput
from shuangcheng.directory.policy import may, require
from shuangcheng.directory.terms import Role

from ..fetch import one
from ..forms import Form, attempt, submit
from ..listing import Column, Listing, download
from ..request import Request
from ..say import say, say_kept
from ..verbs import DOORS, VERBS

MANAGERS = (Role.NODE_ADMIN, Role.OFFICER, Role.ORGANISATION_ADMIN)
AUDIT_PAGE = 50


def _changes(row: AuditLine) -> str:
    return t("；").join(f"{name}{t('：')}{old} → {new}" for name, (old, new) in row.changes.items())


AUDIT = Listing(
    name="audit",
    title=_("审计记录"),
    template="",
    facets=(),
    orders={},
    columns=(
        Column(_("时间"), lambda row: timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S")),
        Column(_("操作人"), lambda row: row.actor_name),
        Column(_("所属"), lambda row: t(row.get_side_display() or "")),
        Column(_("途径"), lambda row: t(DOORS.get(row.door, row.door))),
        Column(_("操作"), lambda row: t(VERBS.get(row.verb, row.verb))),
        Column(_("对象"), lambda row: row.subject_title),
        Column(_("说明"), lambda row: say_kept(row.said, row.note)),
        Column(_("改动"), _changes),
    ),
)


def _role(grant: Grant) -> str:
    values = {"role": t(grant.get_role_display()), "where": grant.organisation, "until": grant.valid_until}
    return (t("%(role)s（%(where)s，至 %(until)s）") if grant.valid_until else t("%(role)s（%(where)s）")) % values


def _roles(person: Person) -> str:
    """The roles of a person, former ones with their last day."""
    return t("；").join(_role(grant) for grant in person.grants.all())


PEOPLE = Listing(
    name="people",
    title=_("人员与账号"),
    template="",
    facets=(),
    orders={},
    columns=(
        Column(_("姓名"), lambda row: row.name),
        Column(_("登录名"), lambda row: row.account.login if hasattr(row, "account") else ""),
        Column(_("角色与单位"), _roles),
    ),
)


def _managers_only(request: Request) -> None:
    if not request.actor.signed_in:
        raise refusal("sign_in", _("请先登录，再办理这项业务。"), why=Why.SIGN_IN)
    if not request.actor.has(*MANAGERS):
        raise refusal("no_right", _("只有管理员可以管理人员和账号。"), why=Why.FORBIDDEN)


def index(request: Request) -> HttpResponse:
    """The people the reader manages."""
    _managers_only(request)
    q = request.GET.get("q", "").strip()[:60]
    role = request.GET.get("role", "")
    rows = Person.objects.visible_to(request.actor).select_related("account")
    if q:
        rows = rows.filter(
            Q(name__contains=q) | Q(account__login__contains=q.lower()) | Q(pinyin__startswith=q.lower())
        )
    if role in [member.value for member in Role]:
        rows = rows.filter(grants__role=role, grants__valid_until__isnull=True).distinct()
    if request.GET.get("format") == "xlsx":
        return download(PEOPLE, rows.prefetch_related("grants__organisation"), request)
    page = Paginator(rows.prefetch_related("grants__organisation"), 30).get_page(request.GET.get("page"))
    today = request.at.date()
    person: Any
    for person in page:
        person.current = [grant for grant in person.grants.all() if not grant.valid_until or grant.valid_until >= today]
    context = {"page": page, "q": q, "role": role, "roles": Role.pairs(), "section": "my"}
    return render(request, "people/people.html", context)


@require_POST
def find(request: Request) -> HttpResponse:
    """The person with an id card number; the number comes in the body, never in an address."""
    found: list[Person] = []

    def look() -> None:
        person = actions.find_by_number(number=request.POST.get("number", ""), by=request.actor, at=request.at)
        found.extend([person] if person else [])

    _managers_only(request)
    if attempt(request, t("已查找，本次查找已记入审计。"), look) and not found:
        messages.info(request, t("没有您可以查看的、登记了这个号码的人员。"))
    return redirect("person", id=found[0].id) if found else redirect("people")


def detail(request: Request, id: UUID) -> HttpResponse:
    """One person: roles, account, numbers."""
    _managers_only(request)
    person = one(Person.objects.visible_to(request.actor).select_related("account"), id)
    today = request.at.date()
    grants: list[Any] = list(person.grants.select_related("organisation"))
    for grant in grants:
        grant.over = bool(grant.valid_until and grant.valid_until < today)
        grant.mine = not grant.over and may(request.actor, "person.grant", grant.organisation)
    context = {
        "person": person,
        "account": getattr(person, "account", None),
        "grants": grants,
        "numbers": person.numbers.all(),
        "manages": any(grant.mine for grant in grants),
        "reveals": may(request.actor, "person.number", person),
        "changes": AuditLine.objects.filter(subject_kind="person", subject_id=str(id))[:10],
        "section": "my",
    }
    return render(request, "people/person.html", context)


def _own(request: Request) -> str:
    own = request.actor.organisations(Role.ORGANISATION_ADMIN, Role.OFFICER)
    found = Organisation.objects.filter(id__in=own).first()
    return found.name if found else ""


def _page(request: Request, form: Form, **context: object) -> HttpResponse:
    base = {"form": form, "section": "my", "crumbs": [(reverse("people"), t("人员与账号"))]}
    return render(request, "forms/page.html", {**base, **context}, status=422 if form.wrong else 200)


@never_cache
def create(request: Request) -> HttpResponse:
    """Enter a person with an account; the first password is shown once."""
    _managers_only(request)
    form = Form(PersonInput, {"organisation": _own(request)})
    password = first_password()
    if request.method == "POST":
        made = submit(
            form, request, lambda data: actions.create(data=data, password=password, by=request.actor, at=request.at)
        )
        if made:
            return render(request, "people/password.html", {"account": made, "password": password, "section": "my"})
    return _page(request, form, heading=t("登记人员"), button=t("登记并生成初始密码"), back=reverse("people"))


def name(request: Request, id: UUID) -> HttpResponse:
    """Correct a name."""
    _managers_only(request)
    person = one(Person.objects.visible_to(request.actor), id)
    form = Form(NameInput, {"name": person.name}, version=person.version)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: actions.correct_name(
            person=person, data=data, version=form.version or 0, by=request.actor, at=request.at
        ),
    ):  # fmt: skip
        messages.success(request, t("姓名已更正，原姓名留在审计记录里。"))
        return redirect("person", id=id)
    return _page(request, form, heading=t("更正姓名"), button=t("更正"), back=reverse("person", args=[id]))


def grant(request: Request, id: UUID) -> HttpResponse:
    """Give a role."""
    _managers_only(request)
    person = one(Person.objects.visible_to(request.actor), id)
    form = Form(GrantInput, {"organisation": _own(request)})
    if request.method == "POST" and submit(
        form, request, lambda data: actions.grant(person=person, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已授予角色。"))
        return redirect("person", id=id)
    heading = t("授予“%(name)s”角色") % {"name": person.name}
    return _page(request, form, heading=heading, button=t("授予"), back=reverse("person", args=[id]))


@require_POST
@never_cache
def act(request: Request, id: UUID) -> HttpResponse:
    """One-button actions: end a role, reset the password, close or open the account, show a number."""
    _managers_only(request)
    person = one(Person.objects.visible_to(request.actor), id)
    by, at, do = request.actor, request.at, request.POST.get("do", "")
    if do == "end":
        row = one(Grant.objects.select_related("organisation", "person"), request.POST.get("grant"), person=person)
        attempt(request, t("角色已收回。"), lambda: actions.end_grant(grant=row, by=by, at=at))
        if not Person.objects.visible_to(by).filter(pk=id).exists():
            return redirect("people")
    elif do == "number":
        return _reveal(request, person)
    elif do in ("password", "close", "open", "second_factor"):
        account = get_object_or_404(Account.objects.select_related("person"), person=person)
        if do == "password":
            password = first_password()
            actions.set_password(account=account, password=password, by=by, at=at)
            return render(request, "people/password.html", {"account": account, "password": password, "section": "my"})
        if do == "second_factor":
            said = t("动态口令已重置，本人下次登录后重新启用。")
            attempt(request, said, lambda: actions.reset_second_factor(account=account, by=by, at=at))
            return redirect("person", id=id)
        attempt(request, t("已办理。"), lambda: actions.set_active(account=account, active=do == "open", by=by, at=at))
    return redirect("person", id=id)


def _reveal(request: Request, person: Person) -> HttpResponse:
    number = one(PersonNumber.objects.select_related("person"), request.POST.get("number"), person=person)
    reason = request.POST.get("reason", "")
    try:
        plain = actions.reveal_number(number=number, reason=reason, by=request.actor, at=request.at)
    except Refused as refused:
        if refused.why == Why.FORBIDDEN:
            raise
        for objection in refused.objections:
            messages.error(request, say(objection.message), extra_tags="bad")
        return redirect("person", id=person.id)
    context = {"person": person, "number": number, "plain": plain, "reason": reason, "section": "my"}
    return render(request, "people/number.html", context)


def _day(text: str) -> date | None:
    """A day of the filter; the calendar's last years are left out, since a day is added."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year < MAXYEAR else None


def _lines(request: Request) -> "QuerySet[AuditLine]":
    """The audit lines that pass the filters of the page."""
    rows = AuditLine.objects.all()
    if verb := request.GET.get("verb", ""):
        rows = rows.filter(verb=verb)
    if who := request.GET.get("who", "").strip()[:60]:
        rows = rows.filter(actor_name__contains=who)
    if what := request.GET.get("what", "").strip()[:60]:
        rows = rows.filter(Q(subject_title__contains=what) | Q(note__contains=what))
    if side := request.GET.get("side", ""):
        rows = rows.filter(side=side)
    zone = timezone.get_current_timezone()
    if begin := _day(request.GET.get("from", "")):
        rows = rows.filter(at__gte=datetime.combine(begin, time.min, zone))
    if end := _day(request.GET.get("until", "")):
        rows = rows.filter(at__lt=datetime.combine(end + timedelta(days=1), time.min, zone))
    return rows


def audit(request: Request) -> HttpResponse:
    """The audit trail, filtered, and as Excel."""
    require(request.actor, "audit.read")
    rows = _lines(request)
    if request.GET.get("format") == "xlsx":
        return download(AUDIT, rows[:100_000].iterator(), request)
    page = Paginator(rows, AUDIT_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "verbs": VERBS.items(), "asked": request.GET, "section": "my"}
    return render(request, "audit/audit.html", context)


urlpatterns = [
    path("people/", index, name="people"),
    path("people/new/", create, name="person_new"),
    path("people/find/", find, name="person_find"),
    path("people/<uuid:id>/", detail, name="person"),
    path("people/<uuid:id>/name/", name, name="person_name"),
    path("people/<uuid:id>/grant/", grant, name="grant_new"),
    path("people/<uuid:id>/act/", act, name="person_act"),
    path("audit/", audit, name="audit"),
]
