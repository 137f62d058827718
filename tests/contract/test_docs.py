"""The documents are in step with the tree: settings, guide in both languages, decisions, links."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shuangcheng.directory.policy import SCOPES
from tests.contract.source import ROOT, tracked

GUIDE = ROOT / "docs" / "guide"
PAGES = sorted({path.name.split(".")[0] for path in GUIDE.glob("*.md")})
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
MARKDOWN = [path for path in tracked() if path.suffix == ".md"]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
LONGEST_DECISION = 40
MADE = ("settings.md", "registers.md", "letters.md", "procedures.md")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def headings(path: Path) -> list[str]:
    return re.findall(r"^(#+) ", FENCED.sub("", text_of(path)), re.MULTILINE)


def links(path: Path) -> list[str]:
    return LINK.findall(FENCED.sub("", text_of(path)))


def leads_to(path: Path, link: str) -> Path:
    """The file that a relative link means."""
    target = link.split("#")[0]
    return path.parent / target if target else path


def pages(path: Path) -> list[str]:
    """The links of a page of the guide, those to other pages without their language."""
    return [link.replace(".zh-CN.md", ".md") for link in links(path)]


@pytest.mark.parametrize("name", MADE)
def test_a_page_made_from_the_code_is_in_step(name: str) -> None:
    made = subprocess.run(
        [sys.executable, "-c", f"import docs; print(docs.PAGES[{name!r}](), end='')"],
        cwd=ROOT / "tools", capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert text_of(ROOT / "docs" / name) == made.stdout, "run: .venv/bin/python tools/docs.py"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_guide_is_there_in_both_languages(name: str) -> None:
    english, chinese = GUIDE / f"{name}.md", GUIDE / f"{name}.zh-CN.md"
    assert headings(english) == headings(chinese)
    assert pages(english) == pages(chinese)
    own = [link for link in links(chinese) if link.endswith(".md")]
    assert own == [link for link in own if link.endswith(".zh-CN.md")], "a page leads to pages in its language"
    assert FENCED.findall(text_of(english)) == FENCED.findall(text_of(chinese)), "the same commands"
    for path in (english, chinese):
        assert text_of(path).startswith("# "), "the first line is the title of the page"
        assert "<" not in re.sub(r"`[^`]*`", "", FENCED.sub("", text_of(path))), "the node shows no HTML of a page"


def test_the_guide_begins_with_every_page() -> None:
    for name in ("index.md", "index.zh-CN.md"):
        assert {link.removesuffix(".md") for link in pages(GUIDE / name)} == set(PAGES) - {"index"}


def test_the_two_readmes_have_the_same_parts() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert headings(english) == headings(chinese)
    pictures = [re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text_of(path)) for path in (english, chinese)]
    assert len(pictures[0]) == len(pictures[1]) == 2
    for picture in pictures[0] + pictures[1]:
        assert (ROOT / picture).stat().st_size < 250_000


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_listed(path: Path) -> None:
    assert text_of(path).count("\n") <= LONGEST_DECISION
    number = int(path.name[:4])
    assert text_of(path).startswith(f"# {number}. ")
    for part in ("**To decide.**", "**Decided.**", "**What follows.**"):
        assert part in text_of(path)
    title = text_of(path).split("\n")[0].removeprefix(f"# {number}. ")
    assert f"| [{number}]({path.name}) | {title} |" in text_of(path.parent / "README.md")


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(path: Path) -> None:
    relative = [link for link in links(path) if not re.match(r"[a-z]+:", link) and not link.startswith("/")]
    found = {link: leads_to(path, link) for link in relative}
    assert sorted(link for link, file in found.items() if not file.exists()) == []


def test_the_watch_sees_a_broken_link() -> None:
    assert leads_to(GUIDE / "index.md", "alliances.md#join") == GUIDE / "alliances.md"
    assert not leads_to(GUIDE / "index.md", "alliances/").exists()
    assert not leads_to(ROOT / "README.md", "docs/nothing.md").exists()


def broken_paragraphs(text: str) -> list[str]:
    """Lines that go on in the next one, which browsers show as a gap between Chinese characters."""
    lines = FENCED.sub("", text).split("\n")
    begins = re.compile(r"\s*(?:$|#|\||!|[-*] |\d+\. )")
    return [
        line
        for line, following in itertools.pairwise(lines)
        if line and not line.startswith(("#", "|")) and not begins.match(following)
    ]


@pytest.mark.parametrize("path", [path for path in MARKDOWN if ".zh-CN." in path.name], ids=lambda path: path.name)
def test_a_chinese_paragraph_is_one_line(path: Path) -> None:
    assert broken_paragraphs(text_of(path)) == []


def test_the_watch_sees_a_broken_paragraph() -> None:
    assert broken_paragraphs("甲，\n乙。\n\n- 丙\n- 丁\n") == ["甲，"]


@pytest.mark.parametrize("name", ["api.md", "api.zh-CN.md"])
def test_every_scope_of_a_token_is_explained(name: str) -> None:
    assert set(re.findall(r"^\| `([a-z:]+)` \|", text_of(GUIDE / name), re.MULTILINE)) == set(SCOPES)
