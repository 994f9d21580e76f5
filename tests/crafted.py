"""Photos that are crafted to cost a decoder much time or memory."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image as Pillow

from tests.samples import encode

_SOI, _EOI, _SOS = b"\xff\xd8", b"\xff\xd9", b"\xff\xda"


def many_scans(scans: int = 20_000, side: int = 2000) -> bytes:
    """A progressive JPEG of gray whose last scan is repeated."""
    buffer = io.BytesIO()
    Pillow.new("L", (side, side), 128).save(buffer, "JPEG", progressive=True)
    content = buffer.getvalue().removesuffix(_EOI)
    last = content[content.rindex(_SOS) :]
    return content + last * scans + _EOI


def many_segments(megabytes: int = 7) -> bytes:
    """A JPEG with thousands of EXIF segments, which some decoders join one by one."""
    payload = b"Exif\0\0" + bytes(300)
    segment = b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload
    photo = encode(np.zeros((8, 8, 3), np.uint8), "JPEG")
    return _SOI + segment * (megabytes * 2**20 // len(segment)) + photo[2:]


def padding(megabytes: int = 19) -> bytes:
    """A JPEG with padding before its first marker."""
    photo = encode(np.zeros((8, 8, 3), np.uint8), "JPEG")
    return _SOI + b"\xff" * (megabytes * 2**20) + photo[3:]


def png(width: int, height: int, channels: int = 1) -> bytes:
    """A black PNG of any size: a few hundred kilobytes at most."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    kind = {1: 0, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + width * channels)
    rows = max(1, 2**20 // len(row))
    packed = [packer.compress(row * rows) for _ in range(height // rows)]
    packed += [packer.compress(row * (height % rows)), packer.flush()]
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", b"".join(packed)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks
