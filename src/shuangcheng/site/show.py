"""What the demonstration loads before it serves, and what it tells the person who started it."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

import click
from django.utils import translation

from shuangcheng.site import meeting
from shuangcheng.site.config import Settings
from shuangcheng.site.sentences import Sentence, language_of

Loader = Callable[[Callable[[str, int], None]], list[tuple[str, int]]]


@dataclass(frozen=True)
class Show:
    """A node at its terminal, which it may share with a partner; every line says whose it is."""

    settings: Settings
    partner: Path | None = None

    def load(self) -> None:
        """Load the reference data and the demonstration world; what is there already is left alone."""
        # Their tables can be imported only after Django has been set up.
        from shuangcheng.site import demo, reference_loader

        if self.partner is not None:
            meeting.leave_manifest(self.settings.var_dir)
        with _spoken():
            self._report(Sentence(zh="基础数据", en="Reference data"), reference_loader.load)
            self._report(Sentence(zh="演示数据", en="Demonstration data"), demo.load)

    def load_reference(self) -> None:
        """Load the reference data alone, for a node that serves an authority."""
        from shuangcheng.site import reference_loader

        with _spoken():
            self._report(Sentence(zh="基础数据", en="Reference data"), reference_loader.load)

    def ready(self) -> None:
        """Print how to sign in, and meet the partner."""
        from shuangcheng.site import demo

        title, language = self.settings.node_title, language_of()
        with _spoken():
            rows = [tuple(translation.gettext(str(cell)) if cell else "" for cell in row) for row in demo.accounts()]
            title = translation.gettext(title)
        head = Sentence(
            zh=f"{title} {self.settings.url} 演示账号（登录名 密码 角色 一方）：",
            en=f"{title} {self.settings.url} accounts (login, password, role, side):",
        )
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        lines = [head.text(language)]
        for row in rows:
            cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
            lines.append("  " + "  ".join(cells).rstrip())
        # At once, so that two nodes' accounts do not mix.
        click.echo("\n".join(lines))
        if self.partner is not None:
            meeting.begin(self.partner)

    def _report(self, title: Sentence, loader: Loader) -> None:
        language = language_of()
        owner = f"{translation.gettext(self.settings.node_title)} " if self.partner else ""
        begun = time.monotonic()
        loaded = loader(self._progress)
        took = f"{time.monotonic() - begun:.1f} s"
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)
        if not loaded:
            there = Sentence(zh=f"{title.zh}：已在库中，没有变化（{took}）", en=f"{title.en}: already there ({took})")
            click.echo(owner + there.text(language))
            return
        said = Sentence(zh=f"{title.zh}：已载入（{took}）", en=f"{title.en}: loaded ({took})")
        counts = [f"  {translation.gettext(name)} {count:,}" for name, count in loaded]
        click.echo("\n".join([owner + said.text(language), *counts]))

    def _progress(self, stage: str, percent: int) -> None:
        """Show on a terminal how far the loading is; a log has no use for it."""
        if sys.stderr.isatty():
            owner = translation.gettext(self.settings.node_title) if self.partner else ""
            click.echo(f"\r\x1b[K  {owner} {percent:3d} %  {translation.gettext(stage)}", nl=False, err=True)


def _spoken() -> translation.override:
    return translation.override("en" if language_of() == "en" else "zh-hans")


def _width(text: str) -> int:
    """Return the columns that a terminal gives the text: two for a Chinese character."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
