"""Refusals as a terminal shows them."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from shuangcheng.core.outcome import Refused


@contextmanager
def told() -> Iterator[None]:
    """End with every reason when an action refuses."""
    try:
        yield
    except Refused as refused:
        for objection in refused.objections:
            click.echo(str(objection.message), err=True)
        raise SystemExit(1) from None
