"""Files of things: uploaded, shown, taken away; the page has found the thing among what the reader may see."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.http import FileResponse
from django.utils.translation import gettext as t

from shuangcheng.desk import attachments
from shuangcheng.desk.models import Attachment

from .fetch import one
from .forms import attempt
from .request import Request


def max_bytes() -> int:
    """The size above which the browser warns before it sends."""
    return int(settings.SHUANGCHENG.max_upload_mb) * 1024 * 1024


def serve(request: Request, kind: str, subject: Model, id: UUID) -> FileResponse:
    """A file of `subject`: a picture to look at with `?show`, else always a download."""
    row = one(attachments.of(kind, subject), id)
    picture = row.is_picture and "show" in request.GET
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=not picture,
        filename=row.name,
        content_type=row.media_type if picture else "application/octet-stream",
    )
    response["Cache-Control"] = "private, max-age=3600"
    return response


def take(request: Request, keep: Callable[[str, bytes], Attachment]) -> int:
    """Keep each file that was sent by `keep(name, bytes)`; what is refused is said. Returns how many were kept."""
    sent = request.FILES.getlist("file")
    if not sent:
        messages.error(request, t("请先选择文件。"), extra_tags="bad")
    kept = 0
    for file in sent:
        name, content = file.name or "", file.read()
        said = t("“%(name)s”已上传。") % {"name": name}
        kept += attempt(request, said, lambda name=name, content=content: keep(name, content))  # type: ignore[misc]
    return kept
