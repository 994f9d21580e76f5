"""Static files: compressed once, kept by browsers, with types that do not depend on the machine."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import NotFound

from serving import SetupError

NEVER_CHANGES = "public, max-age=31536000, immutable"
PLAIN = "identity"
ASK_AGAIN = "no-cache"  # the browser keeps it, but asks by its tag whether it is still the same
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


def send(path: Path, caching: str) -> Response:
    """A file, compressed where that helps, or 304 where the browser has it.

    Args:
        caching: `NEVER_CHANGES` or `ASK_AGAIN`.

    Raises:
        NotFound: there is no such file.
    """
    try:
        packings, tag = _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):  # a ValueError for a zero byte in the name
        raise NotFound from None
    packing = next(name for name in packings if name == PLAIN or request.accept_encodings[name] > 0)
    response = Response(packings[packing])
    response.headers["Content-Type"] = TYPES.get(path.suffix, "application/octet-stream")
    response.headers["Cache-Control"] = caching
    response.vary.add("Accept-Encoding")
    if packing != PLAIN:
        response.content_encoding = packing
    response.set_etag(f"{tag}-{packing}")
    response.make_conditional(request)
    return response


def built_files(folder: Path) -> dict[str, str]:
    """The built file of each logical name; read at each call, since the page may be rebuilt.

    Raises:
        SetupError: there is none.
    """
    try:
        names: dict[str, str] = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        raise SetupError("The page is not built: run 'make setup'.") from None
    return names


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> tuple[dict[str, bytes], str]:
    """A file's bytes by their encoding, the smallest first, and a tag, read once a change."""
    content = path.read_bytes()
    brotli = path.with_name(f"{path.name}.br")  # made by the build, which has more time
    packings = {"br": brotli.read_bytes()} if brotli.is_file() else {}
    packed = gzip.compress(content, mtime=0)
    if len(packed) < 0.95 * len(content):
        packings["gzip"] = packed
    return packings | {PLAIN: content}, hashlib.sha256(content).hexdigest()[:16]
