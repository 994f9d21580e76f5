"""Files that users send: good ones, odd ones and broken ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image as Pillow

from inference.vision.geometry import Image

ORIENTATION = 0x0112  # the EXIF tag


def quadrants(width: int = 48, height: int = 32) -> Image:
    """A picture that shows which way up it is: red, green, blue and white quarters."""
    image = np.zeros((height, width, 3), np.uint8)
    image[:, :, 0] = np.arange(width) * 2 < width
    image[: height // 2, width // 2 :, 1] = 1
    image[height // 2 :, : width // 2] = (0, 0, 1)
    image[height // 2 :, width // 2 :] = 1
    return (image * 255).astype(np.uint8)


def encode(image: Image | Pillow.Image, form: str = "PNG", **options: Any) -> bytes:
    """The bytes of a file of that format, JPEG at high quality."""
    picture = image if isinstance(image, Pillow.Image) else Pillow.fromarray(image)
    if form == "JPEG":
        options = {"quality": 95, "subsampling": 0} | options
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def exif(orientation: int) -> bytes:
    """An EXIF block with that orientation."""
    block = Pillow.Exif()
    block[ORIENTATION] = orientation
    return block.tobytes()


def png_header(width: int, height: int) -> bytes:
    """The start of a PNG of that size, without a single pixel."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunks + struct.pack(">I", 0) + b"IDAT" + b"\0\0\0\0"


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
REFUSED = {  # name: content, HTTP status, a word of the sentence
    "text": (b"Dear Sir or Madam", 415, "JPEG, PNG or WebP"),
    "gif": (encode(quadrants(), "GIF"), 415, "a GIF"),
    "bmp": (encode(quadrants(), "BMP"), 415, "a BMP"),
    "pdf": (b"%PDF-1.7\n", 415, "a PDF"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "an SVG"),
    "heic": (HEIC, 415, "HEIC"),
    "truncated jpeg": (encode(quadrants(), "JPEG")[:-200], 422, "damaged or incomplete"),
    "truncated png": (encode(quadrants())[:-40], 422, "damaged or incomplete"),
    "truncated webp": (
        encode(quadrants(), "WEBP", lossless=True)[:-40],
        422,
        "damaged or incomplete",
    ),
    "jpeg start": (encode(quadrants(), "JPEG")[:30], 422, "damaged or incomplete"),
    "60 megapixels": (png_header(10_000, 6_000), 413, "50 megapixels"),
    "100 megapixels": (png_header(10_000, 10_000), 413, "50 megapixels"),
    "bomb": (png_header(60_000, 60_000), 413, "50 megapixels"),
}
