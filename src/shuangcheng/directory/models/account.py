"""Accounts for signing in, and tokens for programs."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from ..actor import Actor
from .base import Identified
from .person import Person


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up for sign-in; accounts are made by `actions.people`."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(login__iexact=username)


class Account(Identified, AbstractBaseUser):
    """A login of one person."""

    login = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    wants_mail = models.BooleanField(default=True, help_text="whether reminders also come by e-mail")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.login


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Reads of tokens."""

    def visible_to(self, actor: Actor) -> "ApiTokenQuerySet":
        """Only one's own."""
        return self.filter(account_id=actor.account_id) if actor.account_id else self.none()


class ApiToken(Identified):
    """A program's key 接口令牌: only its digest is kept; it may do what its account may, within its scopes."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=12, help_text="the first characters, to tell tokens apart")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    second_factor = models.BooleanField(default=False, help_text="made by somebody signed in with a one-time password")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name
