"""JSON as a careful receiver reads it: UTF-8, an object, no key twice, no NaN, no U+0000, not too deep."""

import json
import re
from typing import NoReturn

from .outcome import Refused, refusal
from .text import _

DEEPEST = 20
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Wrong(ValueError):
    """Carries a refusal through the JSON reader."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused)
        self.refused = refused


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, value in pairs:
        if key in read:
            text = _("“%(key)s”在同一个对象里出现了两次。请只保留一个。")
            raise _Wrong(refusal("duplicate_key", text, where=_shown(key), key=_shown(key)))
        read[key] = value
    return read


def _shown(key: str) -> str:
    return _SURROGATE.sub("?", key.replace("\0", "?"))[:80]


def _no_constant(name: str) -> NoReturn:
    raise _Wrong(refusal("not_json", _("%(name)s 不是 JSON 的数值，请改为数字或 null。"), name=name))


def read_object(raw: bytes) -> dict[str, object]:
    """The object in `raw`, or `Refused` with what is wrong and where."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        sentence = _("正文不是 UTF-8 编码（第 %(position)d 个字节起读不出）。请改用 UTF-8 发送。")
        raise refusal("not_utf8", sentence, position=error.start + 1) from None
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except _Wrong as wrong:
        raise wrong.refused from None
    except json.JSONDecodeError as error:
        sentence = _("正文不是有效的 JSON：第 %(line)d 行第 %(column)d 列读不通。")
        raise refusal("not_json", sentence, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        # Python refuses to read integers of more than some thousand digits.
        raise refusal("not_json", _("正文里有一个数字太长，请核对。")) from None
    if not isinstance(value, dict):
        raise refusal("not_an_object", _("正文应是一个 JSON 对象，即花括号里的若干“名称: 值”。"))
    _check(value)
    return value


def _too_deep() -> Refused:
    return refusal("too_deep", _("正文嵌套超过 %(limit)d 层。请按接口说明的结构发送。"), limit=DEEPEST)


def _check(value: dict[str, object]) -> None:
    """Walk without recursion: depth, and characters that no column can hold."""
    pending: list[tuple[object, str, int]] = [(value, "", 1)]
    while pending:
        item, where, depth = pending.pop()
        if depth > DEEPEST:
            raise _too_deep()
        if isinstance(item, str):
            _check_text(item, where)
        elif isinstance(item, dict):
            for key, inner in item.items():
                _check_text(key, _shown(key))
                pending.append((inner, f"{where}.{key}" if where else key, depth + 1))
        elif isinstance(item, list):
            pending += [(inner, f"{where}.{index}", depth + 1) for index, inner in enumerate(item)]


def _check_text(text: str, where: str) -> None:
    if "\0" in text:
        sentence = _("“%(field)s”含有不可见的控制字符（U+0000），请删去。")
        raise refusal("null_character", sentence, where=_shown(where), field=_shown(where))
    if _SURROGATE.search(text):
        sentence = _("“%(field)s”含有残缺的字符，请重新填写。")
        raise refusal("broken_character", sentence, where=_shown(where), field=_shown(where))
