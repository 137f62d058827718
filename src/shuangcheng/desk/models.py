"""Tables of the desk."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull

from shuangcheng.core.outcome import Message
from shuangcheng.core.schema import Choice
from shuangcheng.core.table import unpack
from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Person
from shuangcheng.directory.models.base import Identified, Timed
from shuangcheng.directory.terms import Side


class Audience(Choice):
    """Who may find an entry."""

    PUBLIC = "public", _("公众")
    STAFF = "staff", _("登录用户")
    OFFICERS = "officers", _("教育行政部门")


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Reads of the search index."""

    def visible_to(self, actor: Actor) -> "SearchEntryQuerySet":
        """What the reader may know of."""
        if actor.is_officer:
            return self
        seen = [Audience.PUBLIC, Audience.STAFF] if actor.signed_in else [Audience.PUBLIC]
        return self.filter(audience__in=seen)


class SearchEntry(models.Model):
    """One findable thing: its kind, title and tokens."""

    id = models.UUIDField(primary_key=True, help_text="the id of the thing itself")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=200, blank=True)
    whole = models.CharField(max_length=120, help_text="the title as one lexeme")
    side = models.CharField(max_length=10, choices=Side.pairs)
    audience = models.CharField(max_length=10, choices=Audience.pairs)
    rank = models.SmallIntegerField(help_text="lower comes first among equals")
    document = SearchVectorField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            # With its pending list an import writes three times as fast; a full list costs a search 2 to 4 ms.
            GinIndex(fields=["document"], name="search_document"),
            models.Index(fields=["whole"], name="search_whole", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.title


class ImportState(Choice):
    """Where an import stands 导入状态."""

    UPLOADED = "uploaded", _("等待检查")
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("待确认")
    UNREADABLE = "unreadable", _("文件不可用")
    WRITING = "writing", _("正在写入")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("写入失败")


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads of imports."""

    def visible_to(self, actor: Actor) -> "ImportQuerySet":
        """One's own; officers see those of their side; the node's administrator all."""
        if actor.kind == "system":
            return self
        seen = Q(by_person=actor.person_id) if actor.person_id else Q(pk__in=[])
        if actor.is_officer and actor.side:
            seen |= Q(side=actor.side)
        return self.filter(seen)


class Import(Timed):
    """A spreadsheet on its way in: uploaded, checked, previewed, confirmed, written."""

    table = models.CharField(max_length=30)
    file = models.FileField(upload_to="imports/")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=ImportState.pairs)
    progress = models.SmallIntegerField(default=0, help_text="percent of the running step")
    notes = models.JSONField(default=list, help_text="sentences about the file, or why it failed, as messages")
    rows = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)
    sample = models.JSONField(default=list, help_text="the first rows as they will be written")
    errors = models.JSONField(default=list, help_text="the first errors: row number, then a flaw")
    valid_only = models.BooleanField(default=False)
    attempts = models.SmallIntegerField(default=0, help_text="times that the running step was begun")
    side = models.CharField(max_length=10, blank=True, choices=Side.pairs)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=100)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def running(self) -> bool:
        """Whether the page should look again soon."""
        return self.state in (ImportState.UPLOADED, ImportState.CHECKING, ImportState.WRITING)


class Attachment(Identified):
    """A file of a thing of an upper room 附件: evidence, a paper, a picture. Who sees the thing sees it."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    file = models.FileField(upload_to="attachments/")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=100)

    class Meta:
        ordering = ("at",)
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page may show it."""
        return self.media_type in ("image/png", "image/jpeg")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Reads of notices."""

    def visible_to(self, actor: Actor) -> "NoticeQuerySet":
        """One's own."""
        return self.filter(person=actor.person_id) if actor.person_id else self.none()

    def unread(self) -> "NoticeQuerySet":
        """Not yet read."""
        return self.filter(read_at__isnull=True)

    def unread_first(self) -> "NoticeQuerySet":
        """What is not read before what is, each the newest first."""
        return self.order_by(IsNull(F("read_at"), False), "-at", "-id")


class Notice(Identified):
    """A notice to one person 通知: a sentence and the page it is about."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, help_text="such as filing, digest, agenda")
    message = models.JSONField(help_text="a packed message, said in the reader's language")
    address = models.CharField(max_length=200, blank=True, help_text="path of the page on this node")
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["person", "-at"], name="notice_person"),
            models.Index(fields=["person"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Message:
        """What it says."""
        return unpack(self.message)
