"""The pages of errors that no view could answer, without a database to ask."""

import pytest
from django.db import OperationalError
from django.test import Client

from shuangcheng.web.pages import home


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "sentences"),
    [
        (OperationalError("gone"), 503, ("数据库暂时不可用", "The database is temporarily unavailable")),
        (ValueError("wrong"), 500, ("平台出错了", "The platform failed")),
    ],
)
def test_what_failed_is_said_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, sentences: tuple[str, str]
) -> None:
    def fails(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(home, "render", fails)
    client = Client(raise_request_exception=False)
    for language, sentence in zip(("zh-hans", "en"), sentences, strict=True):
        client.cookies["sc_cq_language"] = language
        answer = client.get("/sources/")
        assert answer.status_code == status
        assert sentence in answer.content.decode()
        assert answer.has_header("Retry-After") is (status == 503)
