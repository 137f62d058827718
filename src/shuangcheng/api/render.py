"""Answers as JSON text."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder


def dumps(value: Any) -> str:
    """Compact JSON, Chinese as it is."""
    return json.dumps(value, cls=NinjaJSONEncoder, ensure_ascii=False, separators=(",", ":"))


class Renderer(BaseRenderer):
    """Answers as compact JSON."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return dumps(data)
