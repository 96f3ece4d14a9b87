"""What anybody may hand in to be checked: typed or scanned text, or a file that is read in memory and never stored."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import MemoryFileUploadHandler

from clinic.forms import HouseForm
from consent.record.scans import LARGEST_SCAN

LARGEST_PAPER = 5_000_000  # bytes; a record of many pages with drawn signatures has a few hundred thousand


class InMemoryHandler(MemoryFileUploadHandler):
    """Keeps what is uploaded off the disk; of more than anything here may have, only as much as shows that."""

    kept = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Be the one who reads the upload, whatever its length."""
        self.activated = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the beginning."""
        part = raw_data[: max(LARGEST_SCAN + 1 - self.kept, 0)]
        self.kept += len(part)
        self.file.write(part)


class HandedInForm(HouseForm):
    """A text or a file. Nothing else is asked, no name and no reason."""

    takes_any_sign = True
    largest: int
    too_large: Any  # lazy words
    nothing: Any

    file = forms.FileField(required=False)

    def clean(self) -> None:
        """One of the two, and not too large."""
        super().clean()
        file = self.cleaned_data.get("file")
        if file is not None and file.size > self.largest:
            raise ValidationError(self.too_large)
        if file is None and not self.has_error("text") and not (self.cleaned_data.get("text") or "").strip():
            raise ValidationError(self.nothing)

    def data_handed_in(self) -> bytes:
        """The bytes to check."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file is not None else self.cleaned_data["text"].encode("utf-8", "surrogatepass")
