"""Decodes untrusted pictures: bytes in, upright RGB out, or an error with a clear message."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError
from PIL.Image import Transpose

from inference.errors import PictureError, PictureTooLarge, UnsupportedPicture
from inference.vision.geometry import Image

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000
MAX_SIDE_PX = 2048  # pixels kept: more finds no more faces and costs time
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation."""

# A warning of a decoder means a damaged picture. Set once: the filters are global.
warnings.filterwarnings("error", module=r"PIL\.")


def read_picture(source: Path | str | bytes, longest_side: int = MAX_SIDE_PX) -> Image:
    """Decode a picture; larger ones are reduced to between half of `longest_side` and all of it.

    Args:
        source: a file, or the content of one.
        longest_side: pixels of the result at most.

    Returns:
        uint8, shape (height, width, 3), RGB, upright as its EXIF orientation says, transparency on
        white, the first frame of an animation.

    Raises:
        PictureError: it cannot be read, is empty, damaged or incomplete; its subclasses
            `UnsupportedPicture` and `PictureTooLarge` say that the format is not read here, and
            that it has more than `MAX_PIXELS`.
        OSError: the file cannot be opened.
    """
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not content:
        raise PictureError("Expected a picture, got an empty file.")
    try:
        return _decode(content, longest_side)
    except PictureError:
        raise
    except Exception:  # decoders raise nearly anything on hostile bytes
        raise PictureError(
            "Expected a complete picture, got a damaged or incomplete one."
        ) from None


def _decode(content: bytes, longest_side: int) -> Image:
    picture = _open(content)
    if picture.width * picture.height > MAX_PIXELS:  # known from the header, before decoding
        raise PictureTooLarge(
            f"Expected at most {MAX_PIXELS // 1_000_000} megapixels, got "
            f"{picture.width} × {picture.height}."
        )
    # A JPEG is decoded at 1/2, 1/4 or 1/8, whichever leaves at least half the longest side.
    picture.draft("RGB", (longest_side // 2, longest_side // 2))
    way = _UPRIGHT.get(_orientation(picture))
    rgb = _to_rgb(picture)
    rgb.thumbnail((longest_side, longest_side), Pillow.Resampling.BOX, reducing_gap=None)
    return np.asarray(rgb.transpose(way) if way is not None else rgb)


def _orientation(picture: Pillow.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where the metadata cannot be read."""
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:
        return 1


def _open(content: bytes) -> Pillow.Image:
    try:
        return Pillow.open(io.BytesIO(content), formats=FORMATS)
    except UnidentifiedImageError:
        raise UnsupportedPicture(
            f"Expected a JPEG, PNG or WebP picture, got {_describe(content)}."
        ) from None
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        raise PictureTooLarge(
            f"Expected at most {MAX_PIXELS // 1_000_000} megapixels, got many more."
        ) from None


def _describe(content: bytes) -> str:
    """What the bytes seem to be, in words."""
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"hevc"):
        return "HEIC, which needs a decoder that is not installed: save it as JPEG first"
    known = {
        b"GIF8": "a GIF",
        b"BM": "a BMP",
        b"%PDF": "a PDF",
        b"II*\0": "a TIFF",
        b"MM\0*": "a TIFF",
        b"<svg": "an SVG",
    }
    return next(
        (name for start, name in known.items() if content.startswith(start)), "something else"
    )


def _to_rgb(picture: Pillow.Image) -> Pillow.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel, which convert() would clip
        picture = Pillow.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8))
    elif picture.has_transparency_data:
        layer = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        picture = Pillow.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer)  # with half the memory of alpha_composite()
    return picture if picture.mode == "RGB" else picture.convert("RGB")
