"""Uploads larger than the node accepts are read to the end, so that the browser hears the answer, but not kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

HOPELESS = 50


class QuotaUploadHandler(FileUploadHandler):
    """Stops an upload beyond the limit; one of fifty times the limit loses its connection."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.total = 0
        self.limit = settings.SHUANGCHENG.max_upload_mb * 1024 * 1024

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Refuse by the announced length before reading when it is hopeless."""
        if content_length > self.limit * HOPELESS:
            self._refuse(reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.total += len(raw_data)
        if self.total > self.limit:
            self._refuse(reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _refuse(self, *, reset: bool) -> None:
        if self.request is not None:
            self.request.upload_too_large = True  # type: ignore[attr-defined]
        raise StopUpload(connection_reset=reset)
