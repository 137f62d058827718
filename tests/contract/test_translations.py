"""English is complete: every marked text is translated, nothing Chinese is shown unmarked, pages prove it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.world import World
from tools import messages
from tools.messages import Entry

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
CHINESE_MARKS = re.compile(r"[，。：；！？（）「」《》【】]")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]")
QUOTED = {"重庆市", "渝中区"}  # how a full name of a division is written
SHOWN = {"中文", "三峡学院", "产教联合体"}  # the switch to Chinese, and what the home page proposes to search
TEMPLATES = sorted(messages.SOURCE.glob("**/templates/**/*.*"))
collect = cache(messages.collect)
load = cache(messages.load)


def wrong(found: Iterator[str]) -> str:
    """What is wrong, one a line, for the failure."""
    return "\n".join(found)


def translated() -> Iterator[tuple[Entry, str, str]]:
    """Entry, place and form of every translation."""
    for entry, places in collect().items():
        for form in messages.english(load(), entry):
            yield entry, places[0], form


def test_the_catalogue_is_up_to_date() -> None:
    known = {(message.id, message.context or None) for message in load() if message.id}
    unknown = [entry for entry in collect() if (entry.key, entry.context or None) not in known]
    new = sorted(f"{collect()[entry][0]}: {entry.text}" for entry in unknown)
    assert not new, "texts that the catalogue does not know; run `make messages` and translate them:\n" + "\n".join(new)
    assert messages.CATALOGUE.read_text(encoding="utf-8") == messages.merged(collect(), load()), "run `make messages`"


def test_every_text_has_english() -> None:
    assert not wrong(f"{place}: {entry.text}" for entry, place, form in translated() if not form.strip())


def test_nothing_is_fuzzy() -> None:
    assert not [message.id for message in load() if message.fuzzy and message.id]


def test_placeholders_are_kept() -> None:
    """What varies is the same; a plural's forms need not name the number."""
    for entry, place, form in translated():
        asked, said = set(PLACEHOLDER.findall(entry.text)), set(PLACEHOLDER.findall(form))
        assert said == asked or (entry.plural and said < asked), f"{place}: {entry.text} -> {form}"


def test_english_is_english() -> None:
    assert not wrong(f"{place}: {form}" for _, place, form in translated() if set(HAN.findall(form)) - QUOTED)
    assert not wrong(f"{place}: {form}" for _, place, form in translated() if CHINESE_MARKS.search(form))


def test_spaces_at_the_ends_are_meant() -> None:
    """Chinese marks bring their own space, English ones do not; words do not in either."""
    for entry, place, form in translated():
        assert not form.startswith(" ") or entry.text.startswith(("（", "等")), f"{place}: {form!r}"
        assert not form.endswith(" ") or entry.text.endswith(("：", "、", "；")), f"{place}: {form!r}"


def test_what_is_gone_leaves_the_catalogue() -> None:
    old = messages.load()
    old.add("不再使用", "gone")
    assert "gone" not in messages.merged(collect(), old)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(messages.SOURCE).as_posix())
def test_templates_mark_their_chinese(file: Path) -> None:
    inside, found = False, []
    for token in Lexer(file.read_text(encoding="utf-8")).tokenize():
        if token.token_type == TokenType.BLOCK:
            if token.contents.split()[0] in ("blocktranslate", "endblocktranslate", "comment", "endcomment"):
                inside = not token.contents.startswith("end")
        elif token.token_type == TokenType.TEXT and not inside:
            found += [f"{token.lineno}: {text}" for text in HAN.findall(token.contents) if text not in SHOWN]
    assert not found


def unmarked(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts without a mark: literals outside docstrings and marking calls, with their lines."""
    marks, spared = messages.names(tree), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            spared.add(id(node.value))
        elif isinstance(node, ast.Call) and messages.called(node) in marks:
            spared |= {id(part) for part in ast.walk(node)}
    for part in ast.walk(tree):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and id(part) not in spared:
            yield part.lineno, part.value


def test_pages_mark_their_chinese() -> None:
    found = [
        f"{file.name}:{line}: {text}"
        for file in sorted((messages.SOURCE / "web").rglob("*.py"))
        for line, text in unmarked(ast.parse(file.read_text(encoding="utf-8")))
        if HAN.search(text)
    ]
    assert not found


def test_refusals_mark_their_chinese() -> None:
    found = []
    for file in sorted(messages.SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and messages.called(call) in ("refusal", "Message"):
                bare = [
                    part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
                found += [f"{file.name}:{call.lineno}: {text}" for text in bare if HAN.search(text)]
    assert not found


def test_marks_are_found_under_any_name() -> None:
    source = (
        "from django.utils.translation import gettext_lazy as later, pgettext as of\n"
        "a = later('一') ; b = of('side', '川'); c = translation.ngettext('%(n)s 个', '%(n)s 些', 2); d = gettext(e)\n"
        "f = _('长'\n  '句')"
    )
    found = [entry for _, entry in messages.of_python(source, place="x.py")]
    assert sorted(found) == sorted(
        [Entry("一"), Entry("川", context="side"), Entry("%(n)s 个", "%(n)s 些"), Entry("长句")]
    )


@pytest.mark.parametrize("source", ["_(f'{n} 项')", "_(text)", "gettext('共' + n)", "t = _('')"])
def test_marks_that_nobody_can_translate_are_refused(source: str) -> None:
    with pytest.raises(messages.Unreadable, match=r"x\.py:1"):
        list(messages.of_python(source, place="x.py"))


def test_templates_are_read() -> None:
    source = (
        '  {% translate "登录" %}\n{% translate "川" context "side" %} {{ _("甲") }}\n'
        "{% blocktranslate trimmed with n=rows|length %}\n  共 {{ n }} 项，\n  50%\n{% endblocktranslate %}\n"
        " {% blocktranslate count n=n %}{{ n }} 个{% plural %}{{ n }} 些{% endblocktranslate %}"
    )
    found = {entry: line for line, entry in messages.of_template(source, place="x.html")}
    assert found == {
        Entry("登录"): 1, Entry("川", context="side"): 2, Entry("甲"): 2,
        Entry("共 %(n)s 项， 50%%"): 3, Entry("%(n)s 个", "%(n)s 些"): 7,
    }  # fmt: skip


# Pages


@pytest.fixture
def english(client: Client, settings: Any, tmp_path: Path) -> Client:
    """A browser that has chosen English, on a node whose catalogue was just compiled."""
    compiled = BytesIO()
    write_mo(compiled, load())
    target = tmp_path / "en" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    target.write_bytes(compiled.getvalue())
    settings.LOCALE_PATHS = [tmp_path]
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def addresses(patterns: list[URLPattern | URLResolver] | None = None, before: str = "/") -> Iterator[str]:
    """Every page that has no parameter in its address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        elif "<" not in path and "api/" not in path and "sso/" not in path:
            yield path


MORE = ("/nowhere/", "/search/?q=cqdx", "/plans/3/", "/fields/higher/", "/map/?layer=higher",
        "/catalogues/undergraduate_2026/", "/verify/?digest=" + "0" * 64)  # fmt: skip


def chinese_of(response: Any) -> set[str]:
    """The Chinese on a page."""
    if "text/html" not in response.get("Content-Type", ""):
        return set()
    assert response["Content-Language"] == "en"
    return set(HAN.findall(response.content.decode())) - SHOWN


def written() -> str:
    """Every text in the database: what people have entered is not translated."""
    found = []
    for room in ("directory", "desk"):
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            names = [each.name for each in model._meta.fields if isinstance(each, CharField | TextField | JSONField)]
            found += [str(value) for row in model._default_manager.values_list(*names) for value in row]
    return "\n".join(found)


@pytest.mark.django_db
def test_an_empty_node_speaks_english(english: Client) -> None:
    opened = 0
    for path in [*addresses(), *MORE]:
        response = english.get(path)
        assert not chinese_of(response), path
        opened += response.status_code == 200
    assert opened > 20


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["node_admin", "cq_officer", "cqu_admin", "expert_person"])
def test_whoever_signs_in_reads_english(english: Client, world: World, name: str) -> None:
    english.force_login(getattr(world, name).account)
    things = ["organisation", "alliance", "zone", "agreement", "expert"]
    rows = [getattr(world, "cqu" if thing == "organisation" else thing) for thing in things]
    details = [f"/{thing}s/{row.id}/" for thing, row in zip(things, rows, strict=True)]
    forms = [f"{address}edit/" for address in details[:4]]
    known, opened = written(), 0
    for path in [*addresses(), *MORE, *details, *forms]:
        if "logout" in path:
            continue
        response = english.get(path)
        foreign = {text for text in chinese_of(response) if text not in known}
        assert not foreign, path
        opened += response.status_code == 200
    assert opened > 25
