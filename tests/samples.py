"""Files that users send: good ones, odd ones and broken ones."""

from __future__ import annotations

import base64
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


QUADRANTS_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWl4AAAAAG1pZjFoZWl4bWlhZgAAAX5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAA"
    "AAAAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABogABAAAAAAAAAYwAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAAB"
    "AABodmMxAAAAAA5waXRtAAAAAAABAAAA/mlwcnAAAADeaXBjbwAAAHdodmNDAQQIAAAAnjgAAAAAHvAA/P/4+AAADw"
    "NgAAEAF0ABDAH//wQIAAADAJ44AAADAAAeugJAYQABACpCAQEECAAAAwCeOAAAAwAAHpAEECCy3VyU1zcBDQYEAAAD"
    "AGQAAAMABCBiAAEACEQBwXMYMAiQAAAAE2NvbHJuY2x4AAEADQAGgAAAABRpc3BlAAAAAAAAAEAAAABAAAAAKGNsYX"
    "AAAAAwAAAAAQAAACAAAAAB////8AAAAAL////gAAAAAgAAABBwaXhpAAAAAAMICAgAAAAYaXBtYQAAAAAAAAABAAEF"
    "gQIDBYQAAAGUbWRhdAAAAYgoAa8GOFr3tt/M4H//+Vpvof3rcAh8Eib+lqP/9+gf/+RCoo6DBnp3DS7HVjpEKagkLL"
    "ToAgLPf0gsRJBgcTX4smMnA56A3yusdiX58OB/cyikP5RcP/+9DOaSLzxpbfDIZx/2MvdnwDvv9lSv0freK1OdDW2I"
    "c4mjihv59Qf/3s7+s7+D//4Ln47lW0WPxaY4pGLw5m9HWjDV14W4Nx1K2lz44PjHKMCGF96ZKjQ3YlEa/A1YjiLSC/"
    "e0Pb/DXogyFR9do5+J8Lx5XHMqlJfgWzV01ia46+t92VNoawZPdX8nalQJJn28AP3Y4bI3barpvzWt9Tg+u/rHYAMM"
    "XWwWCNFegF3bLNK2PjT2pvM7dfMHTzSG78ht/HtlTXlkoSfnu8BHr3sOygl/gELmJg7yERImFf9ecCYp8xN7Xrm2LQ"
    "lLcluISpWqKUVNubU3nb6wOnjL0fDrC60mXT/RHt0XO7hltL8URHrQ+tfwMPx/T664/bjhycdSCbVx/n/zv0PkdnZ/"
    "zCehCQ=="
)
"""`quadrants` as phones save photos; Pillow does not write this format."""
DAMAGED_HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
REFUSED = {  # name: content, HTTP status, a word of the sentence
    "text": (b"Dear Sir or Madam", 415, "JPEG, PNG, WebP, HEIC"),
    "truncated gif": (encode(quadrants(), "GIF")[:-30], 422, "damaged or incomplete"),
    "bmp": (encode(quadrants(), "BMP"), 415, "a BMP"),
    "pdf": (b"%PDF-1.7\n", 415, "a PDF"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "an SVG"),
    "damaged heic": (DAMAGED_HEIC, 422, "damaged or incomplete"),
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
