"""Removes metadata that a decoder rejects, since it is no reason to refuse a picture."""

from __future__ import annotations

from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_APP0, _APP1, _APP14, _APP15, _COM, _SOS = 0xE0, 0xE1, 0xEE, 0xEF, 0xFE, 0xDA
_PNG_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # all that pixels need
_CHUNK_EXTRA = 12  # bytes of a chunk's length, name and checksum


def without_metadata(content: bytes) -> Iterator[bytes]:
    """Yield copies of a JPEG or PNG with less metadata: EXIF data go last.

    What the colours need is kept: the palette and transparency of a PNG, and the Adobe segment of a
    JPEG, except in one copy. Other formats have no copies.
    """
    if content.startswith(_JPEG):
        for kept in ((_APP1, _APP14), (_APP1,), (_APP14,)):
            yield _without_segments(content, kept)
    elif content.startswith(_PNG):
        for kept_chunks in ((*_PNG_CHUNKS, b"eXIf"), _PNG_CHUNKS):
            yield _without_chunks(content, kept_chunks)


def _without_segments(content: bytes, kept: tuple[int, ...]) -> bytes:
    """Return a JPEG without its APPn and COM segments, except those with the markers `kept`."""
    parts, at = [_JPEG], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == _SOS:
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        is_metadata = _APP0 <= marker <= _APP15 or marker == _COM
        if marker in kept or not is_metadata:
            parts.append(content[at:end])
        at = end
    return b"".join([*parts, content[at:]])


def _without_chunks(content: bytes, kept: tuple[bytes, ...]) -> bytes:
    """Return a PNG with the chunks that are named."""
    parts, at = [_PNG], len(_PNG)
    while at + _CHUNK_EXTRA <= len(content):
        end = at + _CHUNK_EXTRA + int.from_bytes(content[at : at + 4], "big")
        if content[at + 4 : at + 8] in kept:
            parts.append(content[at:end])
        at = end
    return b"".join(parts)
