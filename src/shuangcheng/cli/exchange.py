"""The exchange from a terminal: checking the log again, and examining another node."""

import click
from django.utils import timezone

from shuangcheng.core.outcome import Refused
from shuangcheng.directory.actor import system
from shuangcheng.exchange import gate, verification
from shuangcheng.exchange.models import Peer
from shuangcheng.exchange.verification import Wrong
from shuangcheng.exchange.verification_letters import verify_letters

from .refusals import told

BY = system("命令行")


@click.group("log")
def log() -> None:
    """The log of all letters."""


@log.command("verify")
@click.option("--year", type=int, help="Check the log of this year only.")
@click.option("--peer", "peers", is_flag=True, help="Compare with what the other nodes publish, too.")
def verify(year: int | None, peers: bool) -> None:
    """Check the log again from its first entry, and name the first that is wrong."""
    at = timezone.localtime()
    years = [year] if year else verification.years()
    try:
        for each in years:
            checked = verification.verify_year(each, at=at)
            click.echo(
                f"{each} 年日志：{checked.entries:,} 条记录、{checked.checkpoints:,} 个检查点、"
                f"{checked.cosignatures:,} 次会签，全部正确"
            )
        click.echo(f"信件：{verify_letters(year=year):,} 封，与日志一致")
        for peer in Peer.objects.visible_to(BY).active() if peers else []:
            _compare(peer, years)
    except Wrong as wrong:
        click.echo(str(wrong.message), err=True)
        raise SystemExit(1) from None


def _compare(peer: Peer, years: list[int]) -> None:
    for year in years:
        try:
            size = verification.verify_peer(peer, year, at=timezone.localtime())
        except Refused as refused:
            click.echo(f"{peer.name} {year} 年：未核对（{refused}）", err=True)
        else:
            click.echo(f"{peer.name} {year} 年：{size:,} 条，与本节点会签过的相符")


@click.command("conformance")
@click.argument("url")
def conformance(url: str) -> None:
    """Examine the node at URL with good and broken letters; it must be introduced, and know this node."""
    peer = Peer.objects.visible_to(BY).filter(base_url=url.rstrip("/")).first()
    if peer is None:
        raise click.UsageError(f"没有登记地址为 {url} 的节点。请先在“互联节点”页登记。")
    with told():
        report = gate.examine(peer=peer, by=BY, at=timezone.localtime())
    wide = max(len(row["name"]) for row in report["rows"])
    for row in report["rows"]:
        mark = "✓" if row["right"] else f"✗ 应为 {row['wanted']}"
        click.echo(f"{row['name']:<{wide}}  {row['found']:<24} {row['title']}  {mark}")
    click.echo(f"{peer.name}：{len(report['rows'])} 项，{report['wrong']} 项不对")
    raise SystemExit(1 if report["wrong"] else 0)
