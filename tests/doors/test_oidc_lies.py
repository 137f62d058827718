"""A provider of single sign-on that contradicts itself or talks nonsense."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from tests.doors.oidc_providers import Rogue, rogue_provider
from tests.doors.signin_steps import signed_in, text
from tests.doors.test_oidc import BACK, begin, configure, refused
from tests.world import World


@pytest.fixture
def rogue(settings: Any) -> Iterator[Rogue]:
    with rogue_provider() as running:
        configure(settings, running.issuer)
        yield running


GOOD = {"sub": "s-1", "preferred_username": "teacher"}


def lie(client: Client, rogue: Rogue, userinfo: Any, **changes: object) -> Any:
    """Come back from a provider that says these things."""
    address = begin(client)
    rogue.token, rogue.userinfo = rogue.claims(address, **changes), userinfo
    state = parse_qs(urlsplit(address).query)["state"][0]
    return client.get(BACK, {"code": "c", "state": state})


def test_a_provider_that_tells_the_truth_is_believed(client: Client, world: World, rogue: Rogue) -> None:
    assert lie(client, rogue, GOOD)["Location"] == "/"
    assert signed_in(client)


@pytest.mark.parametrize(
    ("changes", "userinfo"),
    [
        ({"nonce": "another"}, GOOD),
        ({"nonce": ""}, GOOD),
        ({"nonce": None}, GOOD),
        ({"iss": "https://evil.example"}, GOOD),
        ({"aud": "another-client"}, GOOD),
        ({"exp": 1}, GOOD),
        ({"sub": "s-2"}, GOOD),
        ({}, {**GOOD, "sub": "s-2"}),
    ],
)
def test_a_provider_that_contradicts_itself_is_not(
    client: Client, world: World, rogue: Rogue, changes: dict[str, object], userinfo: object
) -> None:
    refused(lie(client, rogue, userinfo, **changes), client)


def test_without_an_id_token_there_is_no_sign_in(client: Client, world: World, rogue: Rogue) -> None:
    address = begin(client)
    rogue.token, rogue.userinfo = None, GOOD
    refused(client.get(BACK, {"code": "c", "state": parse_qs(urlsplit(address).query)["state"][0]}), client)


@pytest.mark.parametrize("nonsense", [{}, {"sub": ""}, {"sub": None}, [], "text", 7, {"sub": {"a": 1}}])
def test_nonsense_from_the_provider_is_told(client: Client, world: World, rogue: Rogue, nonsense: object) -> None:
    answer = lie(client, rogue, nonsense)
    assert answer.status_code in (401, 403, 503), text(answer)
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()
