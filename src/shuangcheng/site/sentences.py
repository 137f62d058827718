"""Sentences that are needed before Django and its translations are up: Chinese and English side by side."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Sentence:
    """One thing to tell a person, in both languages."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


def language_of(environ: Mapping[str, str] | None = None) -> Language:
    """Return the terminal's language: English where the locale says so, otherwise Chinese."""
    environ = os.environ if environ is None else environ
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"
