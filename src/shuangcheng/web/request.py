"""A request as the pages get it, after the middleware."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Account


class Request(HttpRequest):
    """A request with its time in China, its actor, and the account where one is signed in."""

    at: datetime
    actor: Actor
    htmx: HtmxDetails
    user: Account
