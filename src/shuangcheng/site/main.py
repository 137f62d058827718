"""The shuangcheng command."""

import logging.config
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import structlog

from shuangcheng import __version__
from shuangcheng.site import logs, node, pair, safety, server
from shuangcheng.site.config import Settings, SettingsError
from shuangcheng.site.postgres_host import PostgresError
from shuangcheng.site.sentences import Sentence, language_of
from shuangcheng.site.signals import Interrupted, Signals


def told(sentence: Sentence) -> None:
    """Say something to the person at the terminal, unless the terminal is gone."""
    with suppress(OSError):
        click.echo(sentence.text(language_of()), err=True)


def logged(sentence: Sentence) -> None:
    """Say something to whoever reads the log."""
    structlog.stdlib.get_logger("shuangcheng.node").info(sentence.text(language_of()))


def load_settings() -> Settings:
    """Read the settings, or end with every reason why they cannot be used."""
    try:
        settings = safety.load()
    except SettingsError as error:
        click.echo(error.text(), err=True)
        sys.exit(1)
    logging.config.dictConfig(logs.logging_config(style=settings.log_format, level=settings.log_level))
    logs.configure()
    return settings


@contextmanager
def running(settings: Settings, *, prepare: bool = True) -> Iterator[None]:
    """Have Django and an up-to-date database while inside, for commands that are not the server."""
    with Signals():
        try:
            with node.database(settings, say=told):
                node.set_up_django(settings)
                if prepare:
                    node.prepare(say=told)
                yield
        except (PostgresError, node.NotReady) as problem:
            told(problem.sentence)
            sys.exit(1)
        except Interrupted:
            sys.exit(130)


class Commands(click.Group):
    """Our own commands, and those of `shuangcheng.cli`, which need Django and the database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *sorted(self._others())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or self._others().get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name not in self.commands and "--help" not in rest and not self._offline(name, rest):
            ctx.with_resource(running(load_settings()))
        return name, command, rest

    @staticmethod
    def _offline(name: str | None, rest: list[str]) -> bool:
        from shuangcheng import cli

        return f"{name} {rest[0] if rest else ''}" in cli.offline

    @staticmethod
    def _others() -> dict[str, click.Command]:
        node.set_up_django(load_settings())
        from shuangcheng import cli

        return {command.name or "": command for command in getattr(cli, "commands", [])}


@click.group(cls=Commands)
@click.version_option(__version__)
def main() -> None:
    """Shuangcheng 双城: the node of an education authority."""


@main.command()
def serve() -> None:
    """Run the node until Ctrl-C: database, web server, background worker."""
    sys.exit(server.serve(load_settings(), say=logged))


@main.command()
@click.option("--one", is_flag=True, help="One node alone, as the settings describe it.")
@click.option("--partner", type=click.Path(path_type=Path), hidden=True)
def demo(one: bool, partner: Path | None) -> None:
    """Run the demonstration until Ctrl-C: two nodes, reference data and an invented world."""
    os.environ.setdefault("SHUANGCHENG_DEMO", "true")
    os.environ.setdefault("SHUANGCHENG_LOG_FORMAT", "text")
    os.environ.setdefault("SHUANGCHENG_LOG_LEVEL", "WARNING")
    settings = load_settings()
    if not one:
        sys.exit(pair.run(settings, say=told))
    from shuangcheng.site import show

    shown = show.Show(settings, partner)
    sys.exit(server.serve(settings, say=told, load=shown.load, ready=shown.ready))


@main.command()
def reference() -> None:
    """Load the national reference data, or what has changed in it."""
    from shuangcheng.site import show

    settings = load_settings()
    with running(settings):
        show.Show(settings).load_reference()


@main.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Write database, keys and files to one archive; the node may run meanwhile. Keep it as safe as the node."""
    from shuangcheng.site import backup as keeper

    settings = load_settings()
    try:
        keeper.check_target(target)
    except node.NotReady as problem:
        told(problem.sentence)
        sys.exit(1)
    with running(settings, prepare=False):
        size = keeper.backup(settings, target.absolute(), say=told)
    told(Sentence(
        zh=f"已备份到 {target}（{size / 1e6:.1f} MB）。其中有密钥和个人信息，请妥善保管。",
        en=f"Backed up to {target} ({size / 1e6:.1f} MB). It holds keys and personal data: keep it safe.",
    ))  # fmt: skip


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(source: Path) -> None:
    """Make a fresh node from a backup, in an empty folder."""
    from shuangcheng.site import backup as keeper

    settings = load_settings()
    try:
        with Signals():
            about = keeper.restore(settings, source.absolute(), say=told)
    except (PostgresError, node.NotReady) as problem:
        told(problem.sentence)
        sys.exit(1)
    except Interrupted:
        sys.exit(130)
    told(Sentence(
        zh=f"已恢复到 {about['at']} 的状态。现在可以执行 shuangcheng serve。",
        en=f"Restored as of {about['at']}. Now run: shuangcheng serve",
    ))  # fmt: skip


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands."""
    from django.core.management import execute_from_command_line

    with running(load_settings(), prepare=False):
        execute_from_command_line(["shuangcheng manage", *arguments])


@main.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the answers; by default the terminal's.")
def doctor(lang: str | None) -> None:
    """Tell what is wrong with this installation, and what to do."""
    from shuangcheng.site import doctor as surgery

    sys.exit(surgery.examine(language="en" if lang == "en" else "zh" if lang == "zh" else language_of()))


@main.command("web-process", hidden=True)
def web_process() -> None:
    """Serve pages; started by the supervisor."""
    from shuangcheng.site import processes

    processes.web(load_settings())


@main.command("worker-process", hidden=True)
def worker_process() -> None:
    """Work off background jobs; started by the supervisor."""
    from shuangcheng.site import processes

    processes.worker(load_settings())


if __name__ == "__main__":
    main()
