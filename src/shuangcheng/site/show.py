"""What the demonstration loads before it serves, and what it tells the person who started it."""

import sys
import time
from collections.abc import Callable
from unicodedata import east_asian_width

import click
from django.utils import translation

from shuangcheng.site.sentences import Sentence, language_of

Loader = Callable[[Callable[[str, int], None]], list[tuple[str, int]]]


def load() -> None:
    """Load the reference data and the demonstration world; what is there already is left alone."""
    # Their tables can be imported only after Django has been set up.
    from shuangcheng.site import demo, reference_loader

    with _spoken():
        _report(Sentence(zh="基础数据", en="Reference data"), reference_loader.load)
        _report(Sentence(zh="演示数据", en="Demonstration data"), demo.load)


def load_reference() -> None:
    """Load the reference data alone, for a node that serves an authority."""
    from shuangcheng.site import reference_loader

    with translation.override("en" if language_of() == "en" else "zh-hans"):
        _report(Sentence(zh="基础数据", en="Reference data"), reference_loader.load)


def accounts() -> None:
    """Print how to sign in to the demonstration."""
    from shuangcheng.site import demo

    head = Sentence(zh="演示账号（登录名 密码 角色 一方）：", en="Accounts (login, password, role, side):")
    click.echo(head.text(language_of()))
    with _spoken():
        rows = [tuple(translation.gettext(str(cell)) if cell else "" for cell in row) for row in demo.accounts()]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo("  " + "  ".join(cells).rstrip())


def _spoken() -> translation.override:
    return translation.override("en" if language_of() == "en" else "zh-hans")


def _report(title: Sentence, loader: Loader) -> None:
    language = language_of()
    begun = time.monotonic()
    loaded = loader(_progress)
    took = f"{time.monotonic() - begun:.1f} s"
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    if not loaded:
        there = Sentence(zh=f"{title.zh}：已在库中，没有变化（{took}）", en=f"{title.en}: already there ({took})")
        click.echo(there.text(language))
        return
    click.echo(Sentence(zh=f"{title.zh}：已载入（{took}）", en=f"{title.en}: loaded ({took})").text(language))
    for name, count in loaded:
        click.echo(f"  {translation.gettext(name)} {count:,}")


def _progress(stage: str, percent: int) -> None:
    """Show on a terminal how far the loading is; a log has no use for it."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K  {percent:3d} %  {translation.gettext(stage)}", nl=False, err=True)


def _width(text: str) -> int:
    """Return the columns that a terminal gives the text: two for a Chinese character."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
