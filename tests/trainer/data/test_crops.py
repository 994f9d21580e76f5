"""Tests that faces are cropped like in the runtimes, and that broken files are skipped."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from inference import ModelError, read_picture
from inference.vision.centerface import CenterFace
from inference.vision.geometry import Box, Floats, Image, iou, sample, square_around
from inference.vision.pictures import MAX_SIDE_PX
from tests.frames import astronaut, two_faces
from tests.samples import REFUSED, encode, exif
from tests.trainer.conftest import Run
from tests.trainer.photos import faceless, portrait, resized, write
from trainer.config import Config, detector_settings
from trainer.data import crops as module
from trainer.data.crops import FaceCropper, crop_all, read_faces
from trainer.data.pictures import Picture

CONFIG = Config()
ENLARGE = np.ones((2, 2, 1), np.uint8)


@pytest.fixture(scope="module")
def cropper(tmp_path_factory: pytest.TempPathFactory) -> FaceCropper:
    return FaceCropper(CONFIG, tmp_path_factory.mktemp("cuts"))


@pytest.fixture(scope="module")
def detector() -> CenterFace:
    return CenterFace(detector_settings())


def saved(crop: Path | None) -> Image:
    """Read a crop that must exist."""
    assert crop
    return read_picture(crop)


def expected_crop(image: Image, box: Box) -> Floats:
    """Return the expected crop of a box: the classifier's square with its context."""
    settings = detector_settings()
    square = square_around(box, settings.crop_scale, settings.crop_shift)
    square = square_around(square, CONFIG.crop_context)
    return sample(image, square, CONFIG.crop_side, CONFIG.crop_side)


def difference(crop: Image, expected: Floats) -> float:
    """Return the mean absolute difference of pixels, 0 to 255; crops are JPEG files."""
    return float(np.abs(crop.astype(float) - expected).mean())


@pytest.mark.parametrize("label", ["with_mask", "without_mask", "incorrect_mask"])
def test_a_face_is_cropped_with_the_margin_of_the_runtimes(
    label: str, cropper: FaceCropper, detector: CenterFace, tmp_path: Path
) -> None:
    photo = write(tmp_path / "alpha__1.png", resized(portrait(label), 0.5))
    result = cropper(Picture(photo, label, 1))
    assert (result.width, result.height) == (320, 240)
    assert result.problem == ""
    assert result.crop
    assert result.crop.parent.name == label
    assert result.crop.name == "alpha__1__1.jpg"
    crop = saved(result.crop)
    assert crop.shape == (CONFIG.crop_side, CONFIG.crop_side, 3)
    (known,) = detector.detect(read_picture(photo))
    assert difference(crop, expected_crop(read_picture(photo), known.box)) < 3
    assert result.face == pytest.approx(max(known.box.width, known.box.height))
    (face,) = detector.detect(crop)
    side = CONFIG.crop_side / CONFIG.crop_context / detector.settings.crop_scale
    assert max(face.box.width, face.box.height) == pytest.approx(side, rel=0.15)
    below = detector.settings.crop_shift * CONFIG.crop_side / CONFIG.crop_context
    middle = CONFIG.crop_side / 2
    assert centre(face.box) == pytest.approx([middle, middle - below], abs=6)


def centre(box: Box) -> list[float]:
    return [(box.left + box.right) / 2, (box.top + box.bottom) / 2]


def test_the_main_face_is_cropped(
    cropper: FaceCropper, detector: CenterFace, tmp_path: Path
) -> None:
    """There is a large masked face on the left and a small unmasked one in the corner."""
    frame = two_faces()
    frame[:, 320:] = frame[:10, :1].mean()
    frame[300:468, 420:644] = resized(astronaut(), 0.35)[:, : 640 - 420]
    assert len(detector.detect(frame)) == 2
    result = cropper(Picture(write(tmp_path / "a.png", frame), "with_mask", 2))
    blue = saved(result.crop)[70:110, 40:90].astype(float).mean(axis=(0, 1))
    assert blue[2] > blue[0] + 15, "the mask of the large face"


def test_without_a_face_the_whole_picture_is_cropped(cropper: FaceCropper, tmp_path: Path) -> None:
    photo = faceless()
    result = cropper(Picture(write(tmp_path / "a.png", photo), "without_mask", 3))
    assert result.face == 0
    crop = saved(result.crop).astype(float)
    margin = (1 - 1 / CONFIG.crop_context) / 2
    first, last = round(CONFIG.crop_side * margin), round(CONFIG.crop_side * (1 - margin))
    middle = Pillow.fromarray(crop[first:last, first:last].astype(np.uint8)).resize((20, 20))
    square = Pillow.fromarray(np.pad(photo, [(25, 25), (0, 0), (0, 0)], mode="edge"))
    assert difference(np.asarray(middle), np.asarray(square.resize((20, 20)), float)) < 8


def test_an_annotated_face_is_cropped_as_detected(
    cropper: FaceCropper, detector: CenterFace, tmp_path: Path
) -> None:
    """The annotated face is cropped even if another one is larger, also in a large photo."""
    photo = write(tmp_path / "streets/train/a.png", resized(np.kron(two_faces(), ENLARGE), 0.9))
    image = read_picture(photo)
    detections = detector.detect(image)
    assert len(detections) == 2
    for number, known in enumerate(detections):
        drawn = square_around(known.box, 1.05)
        assert 0.5 < iou(drawn, known.box) < 0.95
        picture = Picture(photo, "with_mask", number, drawn, collection="streets")
        result = cropper(picture)
        assert result.crop
        assert result.crop.name == f"streets__a__{number}.jpg"
        crop = saved(result.crop)
        assert difference(crop, expected_crop(image, known.box)) < 3
        assert difference(crop, expected_crop(image, drawn)) > 4
        assert result.face == pytest.approx(max(known.box.width, known.box.height))


def test_an_annotated_face_that_is_not_detected_is_cropped_by_its_box(
    cropper: FaceCropper, detector: CenterFace, tmp_path: Path
) -> None:
    """A detection that overlaps the box only a little is ignored."""
    photo, known = write(tmp_path / "train/a.png", two_faces()), detector.detect(two_faces())[0].box
    left = round(known.left + known.width / 2)
    beside = Box(left, round(known.top), left + round(known.width), round(known.bottom))
    assert 0.25 < iou(beside, known) < 0.4
    for box in (Box(300, 400, 340, 450), beside):
        result = cropper(Picture(photo, "without_mask", 9, box))
        assert difference(saved(result.crop), expected_crop(two_faces(), box)) < 3
        assert result.face == max(box.width, box.height)


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_picture_is_reported_without_a_crop(
    name: str, cropper: FaceCropper, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(REFUSED[name][0])
    result = cropper(Picture(tmp_path / "a.jpg", "with_mask", 4))
    assert result.crop is None
    assert REFUSED[name][2] in result.problem


def test_an_unreadable_file_is_reported(cropper: FaceCropper, tmp_path: Path) -> None:
    result = cropper(Picture(tmp_path / "gone.jpg", "with_mask", 5))
    assert result.crop is None
    assert "gone.jpg" in result.problem


ODD: dict[str, Image | Pillow.Image] = {
    "dot": np.zeros((1, 1, 3), np.uint8),
    "line": np.zeros((2, 940, 3), np.uint8),
    "column": np.full((700, 3, 3), 255, np.uint8),
    "grey": Pillow.fromarray(astronaut()).convert("L"),
    "bits": Pillow.fromarray(astronaut()).convert("1"),
    "palette": Pillow.fromarray(astronaut()).convert("P"),
    "alpha": Pillow.fromarray(astronaut()).convert("RGBA"),
    "deep": Pillow.fromarray(astronaut()[..., 0].astype(np.uint16) * 256),
}


@pytest.mark.parametrize("name", ODD)
def test_an_unusual_picture_is_cropped(name: str, cropper: FaceCropper, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encode(ODD[name]))
    result = cropper(Picture(tmp_path / "a.png", "with_mask", 6))
    assert result.problem == ""
    assert saved(result.crop).shape == (128, 128, 3)


def test_a_rotated_picture_is_cropped_upright(
    cropper: FaceCropper, detector: CenterFace, tmp_path: Path
) -> None:
    lying = np.ascontiguousarray(np.rot90(resized(astronaut(), 0.5)))
    (tmp_path / "a.jpg").write_bytes(encode(lying, "JPEG", exif=exif(6)))
    result = cropper(Picture(tmp_path / "a.jpg", "without_mask", 7))
    eyes = detector.detect(saved(result.crop))[0].points[:2]
    assert abs(eyes[0][1] - eyes[1][1]) < abs(eyes[0][0] - eyes[1][0]) / 3


def test_missing_weights_are_reported_before_workers_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = replace(detector_settings(), file="none.onnx")
    monkeypatch.setattr(module, "detector_settings", lambda: missing)
    picture = Picture(write(tmp_path / "a.jpg", faceless()), "with_mask", 0)
    with pytest.raises(ModelError, match=r"none\.onnx is missing; run 'make setup'"):
        crop_all([picture], CONFIG, tmp_path / "cuts")
    assert not (tmp_path / "cuts").exists()


def test_a_folder_of_damaged_pictures_only(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    crop_all([Picture(tmp_path / "a.jpg", "with_mask", 0)], CONFIG, tmp_path / "cuts")
    assert read_faces(tmp_path / "cuts/faces.csv") == []
    assert "empty file" in (tmp_path / "cuts/broken.csv").read_text(encoding="utf-8")


def test_the_broken_pictures_of_a_folder_are_listed(prepared: Run) -> None:
    with (prepared.folder / "broken.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {Path(row["picture"]).name for row in rows} == {"broken.jpg", "empty.jpg"}
    assert all(row["problem"] for row in rows)


def test_every_other_picture_has_its_own_crop(prepared: Run) -> None:
    """Files of the same name do not overwrite each other."""
    spoilt = {"broken.jpg", "empty.jpg", "notes.txt", ".DS_Store"}
    expected = Counter(
        {
            label: sum(
                path.is_file() and path.name not in spoilt
                for path in (prepared.photos / label).rglob("*")
            )
            for label in ("with_mask", "without_mask", "incorrect_mask")
        }
    )
    assert Counter(face.label for face in prepared.faces) == expected
    assert len({face.crop for face in prepared.faces}) == expected.total()
    contents = Counter(path.read_bytes() for path in prepared.folder.rglob("*.jpg"))
    assert len(set(contents)) == contents.total()


def test_a_row_has_the_photos_size_and_source(prepared: Run) -> None:
    rows = {face.crop.rpartition("__")[0]: face for face in prepared.faces}
    assert (rows["alpha__sky"].width, rows["alpha__sky"].height) == (200, 150)
    assert rows["unknown__holiday"].source == "unknown"
    assert {face.source for face in prepared.faces} == {"alpha", "beta", "gamma", "unknown"}


def test_copies_of_a_photo_are_in_its_group(prepared: Run) -> None:
    groups = {(f.label, f.crop.rpartition("__")[0]): f.group for f in prepared.faces}
    families = [
        [
            ("with_mask", "alpha__3"),
            ("with_mask", "beta__one_encoded"),
            ("with_mask", "beta__one_smaller"),
        ],
        [("without_mask", "alpha__2"), ("with_mask", "beta__wrong")],
        [("with_mask", "gamma__15"), ("with_mask", "alpha__of_gamma")],
    ]
    for family in families:
        assert len({groups[member] for member in family}) == 1
    for one, other in pairwise(families):
        assert groups[one[0]] != groups[other[0]]


def test_large_photos_are_reduced_before_they_are_cropped(
    cropper: FaceCropper, detector: CenterFace, tmp_path: Path
) -> None:
    (known,) = detector.detect(astronaut())
    large = resized(astronaut(), 4)
    assert max(large.shape) > MAX_SIDE_PX
    result = cropper(Picture(write(tmp_path / "a.jpg", large), "without_mask", 8))
    assert (result.width, result.height) == (2560, 1920), "as they are, not as they were reduced"
    assert result.face == pytest.approx(4 * known.box.height, rel=0.05), "in pixels of the photo"
