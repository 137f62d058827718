"""Templates keep to the content security policy, protect their forms, label their fields and link to what is there."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from tests.contract.source import PACKAGE, called, modules, templates

TAG = re.compile(r"{%-?.*?-?%}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
URL = re.compile(r"{%\s*url\s+[\"']([^\"']+)[\"']")
CSRF = "<x-csrf></x-csrf>"
UNLABELLED = ("hidden", "submit", "button")
VOID = ("input", "img", "br", "hr", "meta", "link", "area", "base", "col", "source", "track", "wbr", "use", "path")


@dataclass
class Form:
    """A form of a template: its method, and whether it carries the token against forgery."""

    method: str
    protected: bool = False


@dataclass
class Reader(HTMLParser):
    """What a template has in it: forms, attributes, fields and labels."""

    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    fields: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    open: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in values.items()]
        if tag == "form":
            self.forms.append(Form(values.get("method", "get").lower()))
        elif tag == "x-csrf" and self.forms:
            self.forms[-1].protected = True
        elif tag == "label":
            self.labels.add(values.get("for", ""))
        elif tag in ("input", "select", "textarea"):
            self.fields.append((tag, values | ({"inside": "label"} if "label" in self.open else {})))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open and self.open[-1] in ("script", "style"):
            self.inline.append(data.strip())


def markup(text: str) -> str:
    """A template as HTML: tags are blanks, but for the token; a variable stands for a word."""
    text = COMMENT.sub("", text).replace("{% csrf_token %}", CSRF)
    return re.sub(r"{{.*?}}", lambda found: f"v{hash(found[0]) % 10**9}", TAG.sub(" ", text))


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(markup(text))
    return reader


@cache
def of_file(path: Path) -> Reader:
    return read(path.read_text(encoding="utf-8"))


def against_the_policy(reader: Reader) -> list[str]:
    """Inline scripts and styles, which browsers would not run, and addresses of other hosts."""
    found = [f"{name} on {tag}" for tag, name, _value in reader.attributes if name == "style" or name.startswith("on")]
    found += [value for _tag, _name, value in reader.attributes if value.strip().lower().startswith("javascript:")]
    loads = {("script", "src"), ("link", "href"), ("img", "src"), ("use", "href")}
    found += [value for tag, name, value in reader.attributes if (tag, name) in loads and "//" in value]
    return found + reader.inline


def unlabelled(reader: Reader) -> list[str]:
    """Fields that a screen reader could not name."""
    return [
        f"{tag} {values.get('name', '')}"
        for tag, values in reader.fields
        if values.get("type") not in UNLABELLED
        and not {"inside", "aria-label", "aria-labelledby"} & values.keys()
        and not (values.get("id") and values["id"] in reader.labels)
    ]


def names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Every name of an address, with its namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inside = pattern.namespace or pattern.app_name
            yield from names(pattern, f"{prefix}{inside}:" if inside else prefix)
        elif pattern.name:
            yield prefix + pattern.name


KNOWN = set(names(get_resolver()))


def shown(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", templates(), ids=shown)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(path: Path) -> None:
    assert against_the_policy(of_file(path)) == []


@pytest.mark.parametrize("path", templates(), ids=shown)
def test_every_posting_form_carries_the_token(path: Path) -> None:
    assert [form for form in of_file(path).forms if form.method == "post" and not form.protected] == []
    assert [form for form in of_file(path).forms if form.method != "post" and form.protected] == [], "it would leak"


@pytest.mark.parametrize("path", templates(), ids=shown)
def test_every_field_has_a_label(path: Path) -> None:
    assert unlabelled(of_file(path)) == []


@pytest.mark.parametrize("path", templates(), ids=shown)
def test_every_link_by_name_leads_somewhere(path: Path) -> None:
    assert sorted(set(URL.findall(path.read_text(encoding="utf-8"))) - KNOWN) == []


def test_every_address_that_code_names_is_there() -> None:
    asked = {
        node.args[0].value
        for module in modules("web", "api", "directory", "desk")
        for node in ast.walk(module.tree)
        if called(node) in ("reverse", "redirect", "redirect_to_login")
        and isinstance(node, ast.Call)
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert sorted(name for name in asked if "/" not in str(name) and name not in KNOWN) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('<p style="color: red">a</p>', True),
        ('<button onclick="go()">a</button>', True),
        ("<script>go()</script>", True),
        ('<a href="javascript:go()">a</a>', True),
        ('<script src="https://example.org/a.js"></script>', True),
        ("<script src=\"{% static 'web/app.js' %}\" defer></script>", False),
    ],
)
def test_the_watch_sees_what_is_inline(text: str, wrong: bool) -> None:
    assert bool(against_the_policy(read(text))) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('<input name="a">', True),
        ('<label for="b">B</label><input id="a" name="a">', True),
        ('<label for="f-{{ box.name }}">B</label><input id="f-{{ box.name }}" name="a">', False),
        ('<label>B <select name="a"></select></label>', False),
        ('<label>B</label><textarea name="a"></textarea>', True),
        ('<input name="a" aria-label="{% translate \'甲\' %}">', False),
        ('<input type="hidden" name="a">', False),
    ],
)
def test_the_watch_sees_a_field_without_a_label(text: str, wrong: bool) -> None:
    assert bool(unlabelled(read(text))) is wrong


def test_the_watch_sees_a_form_without_the_token() -> None:
    forms = read('<form method="POST"></form><form method="post">{% csrf_token %}</form><form></form>').forms
    assert [(form.method, form.protected) for form in forms] == [("post", False), ("post", True), ("get", False)]


def test_the_templates_were_read() -> None:
    readers = [of_file(path) for path in templates()]
    assert sum(len(reader.forms) for reader in readers) > 40
    assert sum(len(reader.fields) for reader in readers) > 40
    assert len(KNOWN) > 80
