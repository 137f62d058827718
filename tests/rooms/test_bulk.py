"""Rows copied in bulk come out as they went in, whatever stands in them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from shuangcheng.directory.tables import bulk

ROWS = [
    ("一", True, Decimal("1.50"), datetime(2026, 11, 22, 3, 51, tzinfo=UTC)),
    ("制表\t符", False, None, None),
    ("两\n行\r\n", None, Decimal(0), None),
    ("\\N", None, None, None),
    ("C:\\names\\t", True, None, None),
    ("", False, None, None),
]


@pytest.mark.django_db
def test_every_value_as_it_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (words text, yes boolean, number numeric, moment timestamptz)")
    many = ROWS * bulk.BLOCK
    bulk.copy("copied", ("words", "yes", "number", "moment"), iter(many))
    assert bulk.fetch("SELECT * FROM copied ORDER BY ctid") == many
