"""The operator's logo, which the page's kiosk shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from serving import SetupError

MAX_BYTES = 2**20
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*+<svg[\s/>]",
    re.DOTALL,
)
"""The first element is `svg`, after a byte order mark, a prolog, comments and a doctype."""
_EXPECTED = "a PNG, JPEG, WebP or SVG picture of at most 1 MB"


@dataclass(frozen=True)
class Logo:
    """A picture, as it is served."""

    content: bytes
    media_type: str


def read_logo(path: str) -> Logo | None:
    """Read the logo; none if the path is empty.

    Raises:
        SetupError: it cannot be read, is too large, or has another format.
    """
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SetupError(f"--logo: cannot read {path}: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise SetupError(f"--logo: expected {_EXPECTED}, got a larger file: {path}.")
    media_type = _media_type(content)
    if not media_type:
        raise SetupError(f"--logo: expected {_EXPECTED}, got another format: {path}.")
    return Logo(content, media_type)


def _media_type(content: bytes) -> str:
    """The media type of a picture by its first bytes; empty if the format is not accepted."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if _SVG.match(content) else ""
