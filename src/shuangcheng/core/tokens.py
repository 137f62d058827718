"""Search tokens of Chinese names: words, pinyin and initials; and queries over them.

The tokens of a text are the lexemes of a PostgreSQL `tsvector` of the configuration `simple`, made here so that search
works on any server: no dictionary, no extension. A name yields

- itself, without punctuation, so that the beginning of a name finds it (重庆大 -> 重庆大学);
- its words by the segmentation of jieba in search mode (重庆, 大学);
- the pinyin of the whole and of each word (chongqingdaxue, chongqing, daxue);
- the initials from each word on (cqdx, dx), so that cqdx and sxkjdx find 重庆大学 and 重庆三峡科技大学.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import rjieba
from pypinyin import Style, lazy_pinyin

_RUNS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003ffff]+")
_MAX_LEXEME = 120
MAX_QUERY = 64


def normal(text: str) -> str:
    """Compatibility forms folded, lower case: Ａ, a and A are the same letter."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=200_000)
def _sound(word: str) -> tuple[str, str]:
    """Pinyin without tones and the initials of one word."""
    syllables = lazy_pinyin(word, style=Style.NORMAL, errors="ignore")
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def pinyin_key(text: str) -> str:
    """The key by which Chinese names are ordered: pinyin of each word, words apart. At most 200 characters."""
    parts = []
    for run in _RUNS.findall(normal(text)):
        parts += [run] if run.isascii() else [_sound(word)[0] or word for word in rjieba.cut(run)]
    return " ".join(parts)[:200]


def _of_name(name: str, into: set[str]) -> None:
    runs = _RUNS.findall(normal(name))
    words: list[str] = []
    for run in runs:
        if run.isascii():
            words.append(run)
        else:
            words += rjieba.cut(run)
            for word in rjieba.cut_for_search(run):
                into.add(word)
                if len(word) > 1:
                    # 重庆大学 is one word to the segmentation, but people also type daxue and dx.
                    into.update(_sound(word))
    into.update(words)
    into.add("".join(runs)[:_MAX_LEXEME])
    sounds = [(word, word[0]) if word.isascii() else _sound(word) for word in words]
    into.update(sound for sound, _initials in sounds)
    into.add("".join(sound for sound, _initials in sounds)[:_MAX_LEXEME])
    tail = ""
    for _sound_of_word, initials in reversed(sounds):
        tail = initials + tail
        into.add(tail[:_MAX_LEXEME])


def tokens(names: Iterable[str], *, words: Iterable[str] = ()) -> str:
    """Lexemes of `names` (found by word, pinyin, initials) and of `words` (codes and other text, found by word only).

    Returns them in order with a space between: a valid `tsvector` literal, since no lexeme holds a quote or a space.
    Latin runs are always asked for by their beginning, so a Latin lexeme that another one begins with is left out.
    """
    into: set[str] = set()
    for name in names:
        _of_name(name, into)
    for text in words:
        for run in _RUNS.findall(normal(text)):
            into.update([run] if run.isascii() else rjieba.cut_for_search(run))
    into.discard("")
    ordered = sorted(into)
    pairs = zip(ordered, [*ordered[1:], ""], strict=False)
    return " ".join([one for one, next in pairs if not (next.startswith(one) and one.isascii())])


def query(text: str) -> str:
    """A `tsquery` for what a person typed: all words must occur, each may be the beginning of one. Empty if nothing.

    A Chinese run matches either as the beginning of a whole name or word by word.
    """
    parts = []
    for run in _RUNS.findall(normal(text)[:MAX_QUERY]):
        if run.isascii():
            parts.append(f"{run}:*")
            continue
        words = list(rjieba.cut(run))
        by_word = " & ".join(f"{word}:*" if len(word) == 1 or word is words[-1] else word for word in words)
        parts.append(f"({run}:* | ({by_word}))" if len(words) > 1 else f"{run}:*")
    return " & ".join(parts)


def whole(text: str) -> str:
    """The lexeme of a whole name, as `tokens` makes it: for finding the exact name or its beginning first."""
    return "".join(_RUNS.findall(normal(text)))[:_MAX_LEXEME]
