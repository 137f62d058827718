"""From a checked record to the row that is stored."""

from collections.abc import Mapping
from typing import Any

from shuangcheng.core.register import Register
from shuangcheng.core.schema import Input

from . import digests
from .models.holdings import MOST_QUESTIONS


def texts(register: Register, record: Input) -> dict[str, str]:
    """Every field of a record as text."""
    return {name: digests.as_text(getattr(record, name)) for name in register.fields}


def columns(register: Register, values: Mapping[str, str]) -> dict[str, Any]:
    """The columns of the row that holds a record; the caller adds id, time and source."""
    key = digests.of_key(register, values[register.key])
    questions = [digests.of_question(register, place, values) for place in range(len(register.questions))]
    questions += [None] * (MOST_QUESTIONS - len(questions))
    return {
        "register": register.name,
        "key": key,
        **{f"q{place}": digest for place, digest in enumerate(questions, start=1)},
        "subject": digests.of_subject(values),
        "content": digests.of_content(register, values),
        "record": {name: value for name, value in values.items() if name not in register.secret},
        "sealed": digests.seal_secrets(register, values, key=key),
    }
