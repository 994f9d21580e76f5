"""Static files: compressed once, cached by browsers, with fixed content types."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import NotFound

from serving import SetupError

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
"""The browser caches the file, but checks by its ETag whether it has changed."""
PLAIN = "identity"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


def send(path: Path, cache_control: str) -> Response:
    """A file, compressed where that makes it smaller, or 304 where the browser has it.

    Args:
        cache_control: `IMMUTABLE` or `REVALIDATE`.

    Raises:
        NotFound: there is no such file.
    """
    try:
        encodings, tag = _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):  # a ValueError for a zero byte in the name
        raise NotFound from None
    accepted = request.accept_encodings
    encoding = next(name for name in encodings if name == PLAIN or accepted[name] > 0)
    response = Response(encodings[encoding])
    response.headers["Content-Type"] = TYPES.get(path.suffix, "application/octet-stream")
    response.headers["Cache-Control"] = cache_control
    response.vary.add("Accept-Encoding")
    if encoding != PLAIN:
        response.content_encoding = encoding
    response.set_etag(f"{tag}-{encoding}")
    response.make_conditional(request)
    return response


def built_files(folder: Path) -> dict[str, str]:
    """File names of the build by their logical names; read at each call, since builds change.

    Raises:
        SetupError: there is no build.
    """
    try:
        names: dict[str, str] = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        raise SetupError("The page is not built: run 'make setup'.") from None
    return names


@lru_cache(maxsize=64)
def _read(path: Path, _mtime_ns: int) -> tuple[dict[str, bytes], str]:
    """A file's content by its encoding, smallest first, and its tag; read again after a change."""
    content = path.read_bytes()
    brotli = path.with_name(f"{path.name}.br")  # made by the build: it takes seconds
    encodings = {"br": brotli.read_bytes()} if brotli.is_file() else {}
    zipped = gzip.compress(content, mtime=0)
    if len(zipped) < 0.95 * len(content):
        encodings["gzip"] = zipped
    return encodings | {PLAIN: content}, hashlib.sha256(content).hexdigest()[:16]
