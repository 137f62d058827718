"""Notices by e-mail, to those who gave an address and want mail, where the node has a mail server."""

from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from .models import Notice

STALE = timedelta(days=3)
"""What could not be mailed for so long is not mailed any more."""

SIGNED = "在平台查看：{address}\n\n{node}\n不需要这类邮件时，请在平台的“账号与安全”里关闭。"

log = structlog.get_logger(__name__)


def send(*, kind: str, subject: str, at: datetime) -> int:
    """Mail the unread notices of a kind that were not mailed yet; returns how many the mail server did not take.

    The text is Chinese: a notice is mailed when nobody says in which language it is read.
    """
    node = settings.SHUANGCHENG
    if node.email_url is None:
        return 0
    rows = Notice.objects.unread().filter(kind=kind, mailed_at=None, at__gt=at - STALE)
    rows = rows.filter(person__account__wants_mail=True, person__account__is_active=True)
    failed = 0
    with get_connection() as connection:
        for row in rows.exclude(person__account__email="").select_related("person__account"):
            signed = SIGNED.format(address=f"{node.url}{row.address}", node=node.node_title)
            to = [row.person.account.email]
            message = EmailMessage(subject, f"{row.told}\n\n{signed}\n", to=to, connection=connection)
            try:
                message.send()
            except SMTPException as error:
                failed += 1
                log.warning("mail_refused", notice=str(row.pk), error=type(error).__name__)
                continue
            Notice.objects.filter(pk=row.pk).update(mailed_at=at)
    return failed
