"""Decodes untrusted pictures: bytes in, upright RGB out, or an error with a clear message."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pi_heif
from PIL import Image as Pillow
from PIL import UnidentifiedImageError
from PIL.Image import Transpose

from inference.errors import PictureError, PictureTooLarge, UnsupportedPicture
from inference.vision.geometry import Image
from inference.vision.metadata import without_metadata

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF")
FORMAT_WORDS = "JPEG, PNG, WebP, HEIC, AVIF or GIF"
MAX_PIXELS = 50_000_000
MAX_SOURCE_SIDE_PX = 32_000  # each row costs memory and time of its own
MAX_SIDE_PX = 2048  # pixels kept: more finds no more faces and costs time
DAMAGED = "Expected a complete picture, got a damaged or incomplete one."
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}
_STRIP_PIXELS = 1_000_000
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

pi_heif.register_heif_opener()

# Decoders warn of damaged metadata, which is no reason to refuse a picture. Set once: the filters
# are global.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True)
class DecodedPicture:
    """A picture with what its header says."""

    image: Image
    """As `read_picture` returns it."""
    format: str
    """One of `FORMATS`, or MPO, a JPEG with more pictures."""
    width: int
    """Pixels of the file, like `height`, before it is turned upright and reduced."""
    height: int


def read_picture(source: Path | str | bytes, longest_side: int = MAX_SIDE_PX) -> Image:
    """Read a picture; larger ones are reduced to between half of `longest_side` and all of it.

    Args:
        source: a file, or the content of one.
        longest_side: pixels of the result at most.

    Returns:
        uint8, shape (height, width, 3), RGB, upright as its EXIF orientation says, transparency on
        white, the first frame of an animation.

    Raises:
        PictureError: it cannot be read, is empty, damaged or incomplete; its subclasses
            `UnsupportedPicture` and `PictureTooLarge` say that the format is not read here, and
            that it has more than `MAX_PIXELS` or a side of more than `MAX_SOURCE_SIDE_PX`.
        OSError: the file cannot be opened.
    """
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    return decode(content, longest_side).image


def is_picture(path: Path) -> bool:
    """Return whether a file is a picture of any format, also of one that is not read here."""
    try:
        with Pillow.open(path) as picture:
            return picture.format != "MPEG"  # a video
    except Exception:  # decoders raise nearly anything
        return False


def decode(content: bytes, longest_side: int = MAX_SIDE_PX) -> DecodedPicture:
    """Decode the content of a file; see `read_picture`."""
    if not content:
        raise PictureError("Expected a picture, got an empty file.")
    try:
        return _decode(content, longest_side)
    except (PictureError, MemoryError):
        raise
    except Exception:  # decoders raise nearly anything on hostile bytes
        raise PictureError(DAMAGED) from None


def _decode(content: bytes, longest_side: int) -> DecodedPicture:
    picture = _open(content)
    width, height = picture.size  # known from the header, before decoding
    if width * height > MAX_PIXELS or max(width, height) > MAX_SOURCE_SIDE_PX:
        raise PictureTooLarge(
            f"Expected at most {MAX_PIXELS // 1_000_000} megapixels and {MAX_SOURCE_SIDE_PX:,} "
            f"pixels a side, got {width} × {height}."
        )
    # A JPEG is decoded at 1/2, 1/4 or 1/8, whichever leaves at least half the longest side.
    picture.draft("RGB", (longest_side // 2, longest_side // 2))
    way = _UPRIGHT.get(_orientation(picture))
    rgb = _to_rgb(picture, max(1, max(picture.size) // longest_side))
    rgb.thumbnail((longest_side, longest_side), Pillow.Resampling.BOX, reducing_gap=None)
    upright = rgb.transpose(way) if way is not None else rgb
    return DecodedPicture(np.asarray(upright), picture.format or "", width, height)


def _orientation(picture: Pillow.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where the metadata cannot be read."""
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:
        return 1


def _open(content: bytes) -> Pillow.Image:
    """Read the header; metadata that the decoder rejects are left out."""
    failures: list[Exception] = []
    for copy in chain([content], without_metadata(content)):
        try:
            return Pillow.open(io.BytesIO(copy), formats=FORMATS)
        except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
            raise PictureTooLarge(
                f"Expected at most {MAX_PIXELS // 1_000_000} megapixels, got many more."
            ) from None
        except MemoryError:
            raise
        except Exception as error:  # decoders raise nearly anything on hostile bytes
            failures.append(error)
    is_heif = content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS
    if is_heif or not isinstance(failures[0], UnidentifiedImageError):
        raise PictureError(DAMAGED)
    raise UnsupportedPicture(f"Expected a {FORMAT_WORDS} picture, got {_describe(content)}.")


def _describe(content: bytes) -> str:
    """What the bytes seem to be, in words."""
    known = {
        b"BM": "a BMP",
        b"%PDF": "a PDF",
        b"II*\0": "a TIFF",
        b"MM\0*": "a TIFF",
        b"<svg": "an SVG",
    }
    return next(
        (name for start, name in known.items() if content.startswith(start)), "something else"
    )


def _to_rgb(picture: Pillow.Image, factor: int) -> Pillow.Image:
    """Convert to RGB; transparent pictures are also reduced by a whole factor."""
    if picture.mode.startswith("I"):  # 16 bits a pixel, which convert() would clip
        picture = Pillow.fromarray((np.asarray(picture) >> 8).clip(0, 255).astype(np.uint8))
    elif picture.has_transparency_data:
        return _on_white(picture, factor)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _on_white(picture: Pillow.Image, factor: int) -> Pillow.Image:
    """Composite on white, in strips: a second picture of this size might not fit into memory."""
    width, height = picture.size
    result = Pillow.new("RGB", (-(-width // factor), -(-height // factor)))
    step = factor * max(1, _STRIP_PIXELS // (width * factor))
    for top in range(0, height, step):
        layer = picture.crop((0, top, width, min(top + step, height))).convert("RGBA")
        strip = Pillow.new("RGB", layer.size, "white")
        strip.paste(layer, mask=layer)
        result.paste(strip.reduce(factor), (0, top // factor))
    return result
