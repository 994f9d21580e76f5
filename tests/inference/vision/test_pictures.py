"""Decoding of untrusted pictures."""

from __future__ import annotations

import contextlib
import io
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from inference.errors import PictureError, PictureTooLarge, UnsupportedPicture
from inference.vision.geometry import Image
from inference.vision.pictures import MAX_PIXELS, MAX_SIDE_PX, decode, read_picture
from tests.frames import astronaut
from tests.samples import QUADRANTS_HEIC, REFUSED, encode, exif, png_header, quadrants

KINDS = {413: PictureTooLarge, 415: UnsupportedPicture, 422: PictureError}
STORED: dict[
    int, Callable[[Image], Image]
] = {  # EXIF orientation: how such a camera lays the upright picture in the file
    1: lambda image: image,
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.transpose(1, 0, 2),
    6: lambda image: np.rot90(image, 1),
    7: lambda image: image[::-1, ::-1].transpose(1, 0, 2),
    8: lambda image: np.rot90(image, -1),
}


def assert_like(found: Image, expected: Image, tolerance: int = 8) -> None:
    """The same picture but for what JPEG loses."""
    assert found.dtype == np.uint8
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).max() <= tolerance


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_every_exif_orientation_comes_upright(form: str, orientation: int) -> None:
    stored = np.ascontiguousarray(STORED[orientation](quadrants()))
    options = {"lossless": True} if form == "WEBP" else {}
    content = encode(stored, form, exif=exif(orientation), **options)
    assert_like(read_picture(content), quadrants())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_grey_becomes_rgb(form: str) -> None:
    grey = quadrants().mean(axis=2).astype(np.uint8)
    content = encode(grey, form, **({"lossless": True} if form == "WEBP" else {}))
    assert_like(read_picture(content), np.repeat(grey[..., None], 3, axis=2))


def test_palette() -> None:
    assert_like(read_picture(encode(Pillow.fromarray(quadrants()).quantize(8))), quadrants())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_transparency_lies_on_white(mode: str) -> None:
    colour = (0, 0, 0)
    picture = Pillow.new("RGBA", (20, 10), (*colour, 0))
    picture.paste((*colour, 255), (0, 0, 10, 10))
    if mode == "P":
        content = encode(picture.quantize(2))
    elif mode == "PA":
        flat = Pillow.new("P", (20, 10), 1)
        flat.paste(0, (0, 0, 10, 10))
        flat.putpalette([*colour, 9, 9, 9])
        content = encode(flat, transparency=1)
    else:
        content = encode(picture.convert(mode))
    expected = np.full((10, 20, 3), 255, np.uint8)
    expected[:, :10] = colour
    assert_like(read_picture(content), expected)


def test_cmyk() -> None:
    picture = Pillow.fromarray(quadrants()).convert("CMYK")
    assert_like(read_picture(encode(picture, "JPEG")), quadrants())


def test_sixteen_bits_keep_their_range() -> None:
    ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (8, 1))
    expected = np.repeat((ramp >> 8).astype(np.uint8)[..., None], 3, axis=2)
    assert_like(read_picture(encode(Pillow.fromarray(ramp))), expected, tolerance=1)


def test_one_bit() -> None:
    bits = Pillow.fromarray(quadrants()[..., 1]).convert("1")
    expected = np.repeat(quadrants()[..., 1:2], 3, axis=2)
    assert_like(read_picture(encode(bits)), expected)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_of_an_animation_the_first_frame(form: str) -> None:
    second = Pillow.fromarray(255 - quadrants())
    options = {"lossless": True} if form == "WEBP" else {}
    content = encode(quadrants(), form, save_all=True, append_images=[second], **options)
    assert_like(read_picture(content), quadrants())


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 940), (940, 2)])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_extreme_sizes(form: str, width: int, height: int) -> None:
    assert read_picture(encode(np.zeros((height, width, 3), np.uint8), form)).shape == (
        height,
        width,
        3,
    )


@pytest.mark.parametrize(("width", "height"), [(5000, 2500), (4, 6000)])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_large_pictures_are_reduced(form: str, width: int, height: int) -> None:
    picture = Pillow.fromarray(quadrants()).resize((width, height), Pillow.Resampling.NEAREST)
    found = read_picture(encode(picture, form))
    scale = MAX_SIDE_PX / max(width, height)
    assert found.shape == (
        max(1, round(height * scale)),
        max(1, round(width * scale)),
        3,
    )
    small = Pillow.fromarray(quadrants()).resize(found.shape[1::-1], Pillow.Resampling.BOX)
    assert np.abs(found - np.asarray(small, float)).mean() <= 3


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (4032, 3024, (2016, 1512)),
        (3024, 4032, (1512, 2016)),
        (5600, 4200, (1400, 1050)),
        (3201, 2401, (1601, 1201)),
        (10000, 1500, (2048, 307)),
        (7000, 7000, (1750, 1750)),
    ],
)
def test_large_jpegs_have_the_size_that_the_page_gives_them(
    width: int, height: int, size: tuple[int, int]
) -> None:
    """tests/web/photos/photo.test.js has the same list."""
    content = io.BytesIO()
    Pillow.new("RGB", (width, height)).save(content, "JPEG")
    assert read_picture(content.getvalue()).shape[1::-1] == size


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name: str) -> None:
    content, status, words = REFUSED[name]
    with pytest.raises(PictureError, match=words) as caught:
        read_picture(content)
    assert type(caught.value) is KINDS[status]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (QUADRANTS_HEIC, "HEIF"),
        (encode(quadrants(), "AVIF", subsampling="4:4:4"), "AVIF"),
        (encode(quadrants(), "GIF"), "GIF"),
    ],
    ids=["HEIC", "AVIF", "GIF"],
)
def test_photos_of_phones_and_of_the_web_are_read(content: bytes, form: str) -> None:
    decoded = decode(content)
    assert decoded.format == form
    assert (decoded.width, decoded.height) == (48, 32)
    assert_like(decoded.image, quadrants(), tolerance=40)


def test_just_over_the_limit_is_refused_by_its_header() -> None:
    with pytest.raises(PictureTooLarge, match="10000"):
        read_picture(png_header(10_000, MAX_PIXELS // 10_000 + 1))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(PictureError, match="empty"):
        read_picture(b"")


def test_a_missing_file_raises_to_the_caller(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_picture(tmp_path / "none.jpg")


def test_a_file_reads_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "no-suffix"
    path.write_bytes(encode(quadrants()))
    assert_like(read_picture(path), quadrants(), tolerance=0)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "block",
    [
        b"Exif\0\0",
        b"Exif\0\0II*\0",
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(40),
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0" + b"\xff" * 60,
        exif(99),
        exif(6)[:-6],
    ],
    ids=["empty", "short", "too many", "far", "noise", "unknown", "cut off"],
)
def test_damaged_exif_is_ignored(form: str, block: bytes) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    content = encode(quadrants(), form, exif=block, **options)
    assert sorted(read_picture(content).shape) == sorted(quadrants().shape)


@pytest.mark.parametrize(
    "index",
    [b"\xff" * 30, b"MM\0*\0\0\0\x08", b"MM\0*\0\0\0\x08\0\1\xb0\2\0\7\0\0\0\x50\0\0\xff\xff"],
    ids=["noise", "short", "beyond its end"],
)
def test_a_damaged_index_of_more_pictures_is_ignored(index: bytes) -> None:
    """Phones append a second picture and an index of both (MPO)."""
    payload = b"MPF\0" + index
    segment = b"\xff\xe2" + struct.pack(">H", len(payload) + 2) + payload
    content = encode(quadrants(), "JPEG", exif=exif(6))
    decoded = decode(content[:2] + segment + content[2:])
    assert decoded.image.shape == (48, 32, 3), "the orientation is kept"
    assert decoded.format in {"JPEG", "MPO"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_noise_in_the_file_is_never_a_trace(form: str) -> None:
    """Bytes flipped anywhere: a picture or a PictureError, nothing else."""
    generator = np.random.default_rng(5)
    whole = encode(quadrants(), form, exif=exif(6))
    for _ in range(150):
        content = bytearray(whole)
        for place in generator.integers(0, len(whole), 3):
            content[place] = generator.integers(256)
        with contextlib.suppress(PictureError):
            assert read_picture(bytes(content)).ndim == 3


def test_many_threads_leave_the_warning_filters_alone() -> None:
    """warnings.catch_warnings is not safe between threads: what one sets another may keep."""
    content, start = encode(quadrants(1600, 1200), "JPEG"), threading.Barrier(8)

    def read(_: int) -> None:
        start.wait()
        for _ in range(10):
            read_picture(content)

    with warnings.catch_warnings(), ThreadPoolExecutor(8) as pool:
        warnings.simplefilter("ignore")
        before = list(warnings.filters)
        list(pool.map(read, range(8)))
        assert list(warnings.filters) == before


def segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def chunk(name: bytes, content: bytes, right: bool = True) -> bytes:
    checksum = zlib.crc32(name + content) ^ (not right)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


@pytest.mark.parametrize(
    ("marker", "payload"),
    [
        (0xE0, b"JFIF"),
        (0xE0, b"JFIF\0\1"),
        (0xE1, b"Exif\0\0MM"),
        (0xE2, b"ICC_PROFILE\0"),
        (0xE2, b"ICC_PROFILE\0\1"),
        (0xE2, b"MPF\0"),
        (0xED, b"Photoshop 3.0\x008BIM\3\xed\0\0\0\0\0\4abcd"),
        (0xEE, b"Adobe"),
        (0xFE, b""),
    ],
)
def test_damaged_segments_of_a_jpeg_are_ignored(marker: int, payload: bytes) -> None:
    content = encode(astronaut(), "JPEG", exif=exif(6))
    damaged = content[:2] + segment(marker, payload) + content[2:]
    if marker == 0xE1:  # which would be read before the other
        damaged = encode(astronaut(), "JPEG")
        damaged = damaged[:2] + segment(marker, payload) + damaged[2:]
    expected = read_picture(content if marker != 0xE1 else encode(astronaut(), "JPEG"))
    assert np.array_equal(read_picture(damaged), expected)


@pytest.mark.parametrize(
    "name", [b"pHYs", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"tIME", b"zTXt", b"eXIf", b"acTL"]
)
@pytest.mark.parametrize("content", [b"", b"\1", b"abc\0\0x", None])
def test_damaged_chunks_of_a_png_are_ignored(name: bytes, content: bytes | None) -> None:
    picture = encode(astronaut())
    damaged = chunk(name, b"ab" if content is None else content, right=content is not None)
    image = read_picture(picture[:33] + damaged + picture[33:])
    assert np.array_equal(image, astronaut())


def test_a_truncated_picture_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def copies(_: bytes) -> Iterator[bytes]:
        yield pytest.fail("Its header is good.")

    monkeypatch.setattr("inference.vision.pictures.without_metadata", copies)
    with pytest.raises(PictureError, match="damaged or incomplete"):
        read_picture(encode(astronaut(), "JPEG")[:20_000])


def test_a_palette_and_transparency_survive_the_removal_of_metadata() -> None:
    picture = Pillow.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 10, 200, 30])
    content = encode(picture, transparency=0)
    image = read_picture(content[:33] + chunk(b"pHYs", b"") + content[33:])
    assert (image == (10, 200, 30)).all()
