"""The door between nodes: signed bytes in, signed bytes out; no sessions, no tokens, no JSON bodies of the API."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shuangcheng.core.letter import LARGEST
from shuangcheng.core.outcome import Message, Objection, Refused
from shuangcheng.core.text import _
from shuangcheng.directory.actor import system
from shuangcheng.exchange import client, feed, inbox
from shuangcheng.exchange.actions import guests
from shuangcheng.exchange.handlers import Later, Limited
from shuangcheng.exchange.models import Checkpoint, OwnManifest

from . import problems

MEDIA_TYPE = client.SEALED
View = Callable[..., HttpResponse]


def _door(view: View) -> View:
    """The view for machines: refusals in Chinese as problems, nothing that is meant for pages."""

    def enter(request: HttpRequest, **keys: object) -> HttpResponse:
        with translation.override("zh-hans"):
            try:
                return view(request, **keys)
            except Exception as error:
                return problems.answer(request, error)

    enter.own_refusals = True  # type: ignore[attr-defined]
    return csrf_exempt(enter)


def _refused(status: int, code: str, text: str) -> HttpResponse:
    return problems.problem(status, Objection(code, Message(text)))


@_door
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What this node says of itself."""
    own = OwnManifest.objects.first()
    if own is None:
        return _refused(503, "no_manifest", _("本节点还没有公告。"))
    return HttpResponse(bytes(own.raw), content_type=MEDIA_TYPE)


def _unread(request: HttpRequest, *, largest: int) -> HttpResponse | None:
    """Why signed bytes are refused before they are read."""
    if request.headers.get("Content-Type", "").partition(";")[0] != MEDIA_TYPE:
        return _refused(415, "media_type", _("来件的内容类型应为 application/jose+json。"))
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        return _refused(411, "length", _("来件应写明长度。"))
    if int(length) > largest:
        return _refused(413, "too_large", _("来件过大，请分成几件发送。"))
    return None


@_door
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """Take a letter in; the answer is a letter, too, unless the sender could not be believed."""
    if unread := _unread(request, largest=LARGEST):
        return unread
    try:
        answered = inbox.receive(request.read(LARGEST), at=timezone.localtime())
    except Limited as limited:
        return problems.problem(429, limited.objection)
    except Later:
        return _refused(425, "too_early", _("这封信所依据的前一封信还没有办完，请稍后再发。"))
    except Refused as refused:
        return problems.answer(request, refused)
    return HttpResponse(answered.raw, content_type=MEDIA_TYPE, status=422 if answered.refused else 200)


@_door
@require_POST
def guest(request: HttpRequest) -> HttpResponse:
    """Admit a guest, in whose name a known node examines this one."""
    if refused := _unread(request, largest=guests.LARGEST):
        return refused
    at = timezone.localtime()
    peer = guests.admit(raw=request.read(guests.LARGEST), by=system("检验"), at=at)
    return HttpResponse(peer.authority, status=201, content_type="text/plain; charset=utf-8")


@_door
@require_safe
def feed_page(request: HttpRequest) -> HttpResponse:
    """A page of the public feed."""
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) < 16):
        return _refused(422, "after", _("参数 after 应为上一页最后一条的位置，从 0 开始。"))
    return HttpResponse(feed.page(int(after), at=timezone.localtime()), content_type=MEDIA_TYPE)


@_door
@require_safe
def checkpoint(request: HttpRequest, year: int) -> HttpResponse:
    """The newest signed checkpoint of a year's log, with its cosignatures."""
    newest = Checkpoint.objects.filter(year=year).exclude(cosigned={}).first()
    newest = newest or Checkpoint.objects.filter(year=year).first()
    if newest is None:
        return _refused(404, "no_log", _("没有这一年的日志。"))
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("manifest", manifest),
    path("letters", letters),
    path("guests", guest),
    path("feed", feed_page),
    path("log/<int:year>/checkpoint", checkpoint),
]
