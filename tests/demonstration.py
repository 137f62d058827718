"""The demonstration as a fixture: loaded once per process, then copied into each test's transaction."""

import pytest
from django.db import transaction

from shuangcheng.site import demo, reference_loader
from tests.world import restore, save

BACKEND = "shuangcheng.site.demo.backend.DemoBackend"
_saved: dict[str, bytes] = {}


def silent(_title: str, _percent: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture
def demo_node(settings, db: None) -> None:
    """A node that is a demonstration, still empty."""
    settings.SHUANGCHENG = settings.SHUANGCHENG.model_copy(update={"demo": True})
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, BACKEND]


@pytest.fixture
def demo_world(demo_node: None) -> None:
    """The demonstration, loaded once per process and copied into each test's transaction."""
    with transaction.atomic():
        if not _saved:
            reference_loader.load(silent)
            demo.load(silent)
            _saved.update(save())
        else:
            restore(_saved)
