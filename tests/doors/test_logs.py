"""What log lines say, and what they never say."""

import json
import logging
import sys

import pytest
import structlog

from shuangcheng.site import logs


@pytest.mark.parametrize(
    "number",
    [
        "500101199001011234", "50010119900101123X", "50010119900101123x", "500101 19900101 1234",
        "500101-19900101-123X", "G500101199001011234", "510101900101123",
        "５００１０１１９９００１０１１２３４", "身份证500101199001011234号",
    ],
)  # fmt: skip
@pytest.mark.parametrize("style", ["json", "text"])
def test_no_log_line_holds_a_personal_number(number: str, style: str) -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "查询 %s", (number,), None)
    record.__dict__["subject"] = {"number": [number]}
    try:
        raise ValueError(number)
    except ValueError:
        record.exc_info = sys.exc_info()
    line = logs.formatter(style).format(record)
    assert number not in line
    assert "查询 " in line
    assert line.count(logs.MASK) >= 3


@pytest.mark.parametrize(
    "text", ["01a2016b-c405-7087-9f56-0563c486466a", "1732247089814189", "500101", "2026-11-22T04:02:49.814189Z"]
)
def test_other_numbers_stay(text: str) -> None:
    assert logs.mask(text) == text


def test_a_json_line_says_when_what_which_request_and_who() -> None:
    with structlog.contextvars.bound_contextvars(request="r-1", actor="a-1"):
        record = logging.LogRecord("x", logging.INFO, "f", 1, "登记", (), None)
        line = json.loads(logs.formatter("json").format(record))
    assert line.pop("time").endswith("Z")
    assert line == {"event": "登记", "level": "info", "request": "r-1", "actor": "a-1"}
