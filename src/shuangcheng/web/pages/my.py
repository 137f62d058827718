"""My desk: what waits for me, my organisations, my tokens, my account."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.desk.models import Import
from shuangcheng.directory.actions import people as actions
from shuangcheng.directory.actions import tokens
from shuangcheng.directory.models import ApiToken, AuditLine, Expert, Organisation
from shuangcheng.directory.people_inputs import MailInput, TokenInput

from .. import overview
from ..fetch import one
from ..forms import Form, attempt, submit
from ..request import Request


@login_required
def desk(request: Request) -> HttpResponse:
    """What waits for the reader first."""
    actor = request.actor
    context = {
        "waiting": overview.waiting(actor, today=request.at.date()),
        "organisations": Organisation.objects.filter(id__in=actor.organisations()),
        "expert": Expert.objects.filter(person=request.user.person).first(),
        "imports": Import.objects.visible_to(actor)[:5],
        "done": AuditLine.objects.filter(actor_id=str(actor.person_id)).exclude(verb__startswith="account.sign_")[:8],
        "section": "my",
    }
    return render(request, "my/desk.html", context)


@login_required
def security(request: Request) -> HttpResponse:
    """Password, second factor, tokens."""
    second = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()
    context = {
        "second": second,
        "tokens": ApiToken.objects.filter(account=request.user),
        "demo": settings.SHUANGCHENG.demo,
        "mails": settings.SHUANGCHENG.email_url is not None,
        "section": "my",
    }
    return render(request, "my/security.html", context)


@login_required
@never_cache
def token_new(request: Request) -> HttpResponse:
    """Make a token; it is shown once."""
    form = Form(TokenInput)
    if request.method == "POST":
        made = submit(
            form,
            request,
            lambda data: tokens.create_token(account=request.user, data=data, by=request.actor, at=request.at),
        )
        if made:
            return render(request, "my/token.html", {"token": made[0], "clear": made[1], "section": "my"})
    context = {
        "form": form,
        "section": "my",
        "heading": t("创建接口令牌"),
        "button": t("创建"),
        "crumbs": [(reverse("my_security"), t("账号与安全"))],
        "back": reverse("my_security"),
        "lede": t("令牌给程序使用，只显示一次，请妥善保存。"),
    }
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


@login_required
def mail(request: Request) -> HttpResponse:
    """Where reminders go."""
    form = Form(MailInput, {"email": request.user.email, "wants_mail": request.user.wants_mail})
    account, by, at = request.user, request.actor, request.at
    if request.method == "POST" and submit(
        form, request, lambda data: actions.set_mail(account=account, data=data, by=by, at=at)
    ):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("my_security")
    back = reverse("my_security")
    context = {
        "form": form, "section": "my", "heading": t("邮箱与邮件提醒"), "button": t("保存"), "back": back,
        "crumbs": [(back, t("账号与安全"))],
        "lede": t("每周第一个工作日，平台把您单位牵头事项的逾期和临期情况发到“通知”；填写邮箱后也可以发到邮箱。"),
    }  # fmt: skip
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


@login_required
@require_POST
def token_revoke(request: Request, id: UUID) -> HttpResponse:
    """Make a token useless."""
    token = one(ApiToken.objects.filter(account=request.user), id)
    attempt(request, t("令牌已撤销。"), lambda: tokens.revoke_token(token=token, by=request.actor, at=request.at))
    return redirect("my_security")


urlpatterns = [
    path("my/", desk, name="my"),
    path("my/security/", security, name="my_security"),
    path("my/mail/", mail, name="my_mail"),
    path("my/tokens/new/", token_new, name="token_new"),
    path("my/tokens/<uuid:id>/revoke/", token_revoke, name="token_revoke"),
]
