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
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import rjieba
from pypinyin import Style, lazy_pinyin

_RUNS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\U00020000-\U0003ffff]+")
_MAX_LEXEME = 120
MAX_QUERY = 64


def normal(text: str) -> str:
    """Compatibility forms folded, lower case: Ａ, a and A are the same letter."""
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, its pinyin without tones, the initials, and the lexemes by which it is found wherever it stands."""

    text: str
    sound: str
    initials: str
    lexemes: tuple[str, ...]


@lru_cache(maxsize=200_000)
def _word(text: str) -> _Word:
    if text.isascii():
        return _Word(text, text, text[0], (text,))
    sound, initials = _sound(text)
    # 重庆大学 is one word to the segmentation, but people also type daxue and dx.
    parts = [part for part in rjieba.cut_for_search(text) if len(part) > 1]
    latin = {sound, *chain.from_iterable(map(_sound, parts))}
    begun = [one for one in latin if any(other.startswith(one) for other in latin - {one})]
    # The initials of a name from this word on begin with these.
    begun += [one for one in latin if initials.startswith(one)]
    return _Word(text, sound, initials, (*sorted({text, *parts}), *sorted(latin - {*begun})))


def _sound(text: str) -> tuple[str, str]:
    syllables = lazy_pinyin(text, style=Style.NORMAL, errors="ignore")
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _words(runs: Iterable[str]) -> list[_Word]:
    return [_word(word) for run in runs for word in ((run,) if run.isascii() else rjieba.cut(run))]


class Spelling(NamedTuple):
    """The key by which a name is ordered, and the lexemes by which it is found, with a space between."""

    key: str
    lexemes: str


_known: ContextVar[Mapping[str, Spelling]] = ContextVar("known")


@contextmanager
def known(spellings: Mapping[str, Spelling]) -> Iterator[None]:
    """Names that were spelt beforehand, as `spell` does it: meanwhile they are not spelt again."""
    token = _known.set(spellings)
    try:
        yield
    finally:
        _known.reset(token)


def spell(name: str) -> Spelling:
    """What `pinyin_key` and `tokens` say of a name, in one go."""
    runs = _RUNS.findall(normal(name))
    words = _words(runs)
    lexemes = ["".join(runs)[:_MAX_LEXEME]]
    for word in words:
        lexemes += word.lexemes
    lexemes.append("".join([word.sound for word in words])[:_MAX_LEXEME])
    tail = ""
    for word in reversed(words):
        tail = word.initials + tail
        lexemes.append(tail[:_MAX_LEXEME])
    return Spelling(_key(words), " ".join(filter(None, dict.fromkeys(lexemes))))


def _key(words: Iterable[_Word]) -> str:
    return " ".join([word.sound or word.text for word in words])[:200]


def pinyin_key(text: str) -> str:
    """The key by which Chinese names are ordered: pinyin of each word, words apart. At most 200 characters."""
    spelling = _known.get({}).get(text)
    return spelling.key if spelling else _key(_words(_RUNS.findall(normal(text))))


def tokens(names: Iterable[str], *, words: Iterable[str] = ()) -> str:
    """Lexemes of `names` (found by word, pinyin, initials) and of `words` (codes and other text, found by word only).

    Returns them with a space between: a valid `tsvector` literal, since no lexeme holds a quote or a space; one that
    several names share may occur twice. Latin runs are always asked for by their beginning, so a Latin lexeme of a word
    that another one begins with is left out.
    """
    spelt = _known.get({})
    found = [(spelt.get(name) or spell(name)).lexemes for name in names]
    for text in words:
        if text.isascii() and text.isalnum():  # a code
            found.append(text.lower())
            continue
        for run in _RUNS.findall(normal(text)):
            found += [run] if run.isascii() else rjieba.cut_for_search(run)
    return " ".join(filter(None, found))


def query(text: str, *, complete: bool = False) -> str:
    """A `tsquery` for what a person typed: all words must occur, each may be the beginning of one. Empty if nothing.

    A Chinese run matches either as the beginning of a whole name or word by word; when words are `complete`, only so
    and as they stand, which finds less and takes half the time.
    """
    parts = []
    for run in _RUNS.findall(normal(text)[:MAX_QUERY]):
        if run.isascii():
            parts.append(f"{run}:*")
            continue
        words = list(rjieba.cut(run))
        if complete:
            parts += words
            continue
        by_word = " & ".join(f"{word}:*" if len(word) == 1 or word is words[-1] else word for word in words)
        parts.append(f"({run}:* | ({by_word}))" if len(words) > 1 else f"{run}:*")
    return " & ".join(parts)


def whole(text: str) -> str:
    """The lexeme of a whole name, as `tokens` makes it: for finding the exact name or its beginning first."""
    return "".join(_RUNS.findall(normal(text)))[:_MAX_LEXEME]
