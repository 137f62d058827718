"""Pages of letters that were sent and that came: their outsides, never what they say."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.letter import Envelope
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.exchange.actions import letters as actions
from shuangcheng.exchange.models import Entry, Incoming, Outgoing

from ...fetch import one
from ...forms import attempt
from ...listing import answer
from ...lists_exchange import IN, OUT, title
from ...request import Request

WORDS = {"purpose": Purpose, "legal_basis": LegalBasis}
SHOWN = ("purpose", "legal_basis", "case_ref", "subject_ref", "fields", "consent", "agreement", "in_reply_to")


def _out(request: Request) -> Any:
    require(request.actor, "exchange.read")
    return Outgoing.objects.visible_to(request.actor).select_related("peer")


def _in(request: Request) -> Any:
    require(request.actor, "exchange.read")
    return Incoming.objects.visible_to(request.actor).select_related("peer")


def _titled(rows: list[Any]) -> None:
    for row in rows:
        row.title = title(row.type)


def _outside(row: Outgoing | Incoming) -> list[tuple[str, str]]:
    """The words on the envelope that a person reads, titled."""
    told = []
    for name in SHOWN:
        if value := row.outside.get(name):
            text = t(WORDS[name](value).label) if name in WORDS else "、".join(value) if name == "fields" else value
            told.append((str(Envelope.model_fields[name].title), text))
    return told


def sent(request: Request) -> HttpResponse:
    """Letters out, filtered by state, type and node."""
    erases = may(request.actor, "letter.erase")
    return answer(OUT, _out(request), request, decorate=_titled, erases=erases, section="nodes", tab="out")


def came(request: Request) -> HttpResponse:
    """Letters in, filtered by state, type and node."""
    return answer(IN, _in(request), request, decorate=_titled, section="nodes", tab="in")


def _page(request: Request, row: Any, kind: str, **context: Any) -> HttpResponse:
    jti = row.pk if kind == "outgoing" else row.jti
    more = {
        "row": row,
        "title": title(row.type),
        "reply": title(row.reply_type) if row.reply_type else "",
        "outside": _outside(row),
        "entries": Entry.objects.visible_to(request.actor).filter(jti=jti),
        "changes": AuditLine.objects.told_of(kind, row.pk, to=request.actor)[:10],
        "erased": row.content is None,
        "erasable_from": (row.created_at if kind == "outgoing" else row.received_at) + actions.TERM,
        "section": "nodes",
        "tab": "out" if kind == "outgoing" else "in",
    }
    return render(request, f"exchange/{kind}.html", more | context)


def outgoing(request: Request, id: UUID) -> HttpResponse:
    """A letter that was sent: how its delivery goes."""
    row = one(_out(request), id)
    return _page(request, row, "outgoing", again=row.state in actions.SETTLED and row.content is not None)


def incoming(request: Request, id: UUID) -> HttpResponse:
    """A letter that came: what became of it."""
    return _page(request, one(_in(request), id), "incoming")


@require_POST
def again(request: Request, id: UUID) -> HttpResponse:
    """Send a letter again."""
    row = one(_out(request), id)
    sent = []
    done = attempt(
        request,
        t("已重新投递。"),
        lambda: sent.append(actions.again(letter=row, by=request.actor, at=request.at)),
    )
    return redirect("letter_out", id=sent[0].pk if done else id)


@require_POST
def handle(request: Request, id: UUID) -> HttpResponse:
    """Handle a parked letter now."""
    row = one(_in(request), id)
    attempt(request, t("已办理。"), lambda: actions.handle(letter=row, by=request.actor, at=request.at))
    return redirect("letter_in", id=id)


@require_POST
def erase(request: Request, id: UUID) -> HttpResponse:
    """Erase the body of a letter past its term, whichever way it went."""
    out = _out(request).filter(pk=id).first()
    row = out or one(_in(request), id)
    attempt(request, t("已删除内容。"), lambda: actions.erase(letter=row, by=request.actor, at=request.at))
    return redirect("letter_out" if out else "letter_in", id=id)


@require_POST
def erase_all(request: Request) -> HttpResponse:
    """Erase the bodies of all letters past their term."""
    attempt(request, t("已删除保存期满的全部内容。"), lambda: actions.erase_past_term(by=request.actor, at=request.at))
    return redirect("letters_out")


urlpatterns = [
    path("nodes/letters/out/", sent, name="letters_out"),
    path("nodes/letters/out/<uuid:id>/", outgoing, name="letter_out"),
    path("nodes/letters/out/<uuid:id>/again/", again, name="letter_again"),
    path("nodes/letters/in/", came, name="letters_in"),
    path("nodes/letters/in/<uuid:id>/", incoming, name="letter_in"),
    path("nodes/letters/in/<uuid:id>/handle/", handle, name="letter_handle"),
    path("nodes/letters/<uuid:id>/erase/", erase, name="letter_erase"),
    path("nodes/letters/erase/", erase_all, name="letters_erase"),
]
