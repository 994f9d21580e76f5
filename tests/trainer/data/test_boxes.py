"""Tests reading annotated faces in each format, and messages on invalid ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow

from inference.vision.geometry import Box
from tests.trainer.data.box_files import FACE, coco, kaggle, photo, put, table, voc, yolo
from tests.trainer.photos import forbid
from trainer.data.boxes import annotation
from trainer.data.boxes.read import list_boxed, read_boxes, recognize
from trainer.errors import TrainerError


@pytest.mark.parametrize(("make", "name"), [(kaggle, "Pascal VOC"), (yolo, "YOLO"), (coco, "COCO")])
def test_formats_are_recognized_by_content(
    make: Callable[[Path], Path], name: str, tmp_path: Path
) -> None:
    data = make(tmp_path / "street")
    assert recognize(data).format == name
    ((path, boxes),) = read_boxes(data).items()
    assert path.name == "a.png"
    ((box, label),) = boxes
    assert box == pytest.approx(FACE[0], abs=1e-4)
    assert label == FACE[1]
    ((picture,), small) = list_boxed(recognize(data), smallest=12, first=70)
    assert (picture.source, picture.number, picture.part, small) == ("street", 70, "", 0)
    assert list_boxed(recognize(data), smallest=51, first=0) == ([], 1)


@pytest.mark.parametrize(
    ("make", "inside"),
    [
        (kaggle, "annotations"),
        (kaggle, "annotations/a.xml"),
        (yolo, "labels"),
        (yolo, "data.yaml"),
        (coco, "_annotations.coco.json"),
    ],
)
def test_a_file_or_a_folder_of_annotations_is_enough(
    make: Callable[[Path], Path], inside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make(tmp_path / "street")
    assert len(read_boxes(data / inside)) == 1
    monkeypatch.chdir((data / inside).parent)
    assert len(read_boxes(Path((data / inside).name))) == 1


@pytest.mark.parametrize(
    ("name", "label"),
    [("without_mask", "without_mask"), ("mask_weared_incorrect", "incorrect_mask")],
)
def test_class_names_are_mapped_like_folders(name: str, label: str, tmp_path: Path) -> None:
    data = kaggle(tmp_path)
    put(data / "annotations/a.xml", voc(name=name))
    assert [found for boxes in read_boxes(data).values() for _, found in boxes] == [label]


def test_the_encoding_of_an_xml_file_is_respected(tmp_path: Path) -> None:
    photo(tmp_path / "images/Türe.png")
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + voc("Türe.png")
    put(tmp_path / "annotations/1.xml", "").write_bytes(text.encode("latin-1"))
    assert [path.name for path in read_boxes(tmp_path)] == ["Türe.png"]


def test_class_names_of_yolo_in_a_list(tmp_path: Path) -> None:
    data = yolo(tmp_path, line="0 0.5 0.5 0.5 0.5")
    (data / "data.yaml").unlink()
    put(data / "classes.txt", "masked\nunmasked\n")
    assert read_boxes(data)[data / "images/a.png"] == [(Box(50, 37.5, 150, 112.5), "with_mask")]
    (data / "classes.txt").unlink()
    with pytest.raises(TrainerError, match=r"names of the classes in data\.yaml or classes\.txt"):
        read_boxes(data)
    put(data / "classes.txt", "\n")
    with pytest.raises(TrainerError, match=r"names of the classes in .*classes\.txt, .*got none"):
        read_boxes(data)


@pytest.mark.parametrize(
    "text",
    [
        "names: 3",
        "names: {a: b}",
        "names: [",
        "names:",
        "names: [[mask]]",
        "names: {.inf: mask}",
        "names: [&a mask, *a]",
        "names: " + "[" * 5000,
    ],
)
def test_invalid_class_names_are_refused(text: str, tmp_path: Path) -> None:
    put(yolo(tmp_path) / "data.yaml", text)
    with pytest.raises(TrainerError, match=r"names of the classes under 'names' in .*data\.yaml"):
        read_boxes(tmp_path)


def test_parts_are_respected(tmp_path: Path) -> None:
    """Photos of one name belong to the labels of their part."""
    yolo(tmp_path, part="train")
    yolo(tmp_path, part="valid", line="0 0.5 0.5 0.5 0.5")
    pictures, _ = list_boxed(recognize(tmp_path), smallest=9, first=0)
    assert [(one.part, one.label) for one in pictures] == [
        ("train", "with_mask"),
        ("val", "without_mask"),
    ]


def test_boxes_are_those_of_the_upright_photo(tmp_path: Path) -> None:
    data = yolo(tmp_path, line="1 0.5 0.5 0.5 0.5")
    with Pillow.open(data / "images/a.png") as picture:
        exif = picture.getexif()
        exif[0x0112] = 6
        picture.save(data / "images/a.png", exif=exif)
    ((box, _),) = read_boxes(data)[data / "images/a.png"]
    assert box == Box(37.5, 50, 112.5, 150)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "annotations/a.xml",
            voc(name="helmet"),
            "with_mask .*, got 'helmet' in line 4 of annotations/a.xml",
        ),
        ("annotations/a.xml", voc(box=(60, 30, 20, 80)), "a width and a height, got 60, .* line 4"),
        ("annotations/a.xml", voc(box=(300, 30, 340, 80)), "inside the photo of 200 × 150 pixels"),
        (
            "annotations/a.xml",
            voc(box=(180, 30, 300, 80)),
            "inside the photo .* in line 4 of annotations/a.xml",
        ),
        ("annotations/a.xml", voc(box=("x", 30, 300, 80)), "Expected name, xmin, .* in line 4"),
        (
            "annotations/a.xml",
            voc()[:-9],
            "Expected a Pascal VOC annotation in .*a.xml: unclosed token",
        ),
        ("annotations/b.xml", voc("b.png"), "Expected the photo b of annotations/b.xml, got none"),
        (
            "annotations/a.xml",
            '<!DOCTYPE a [<!ENTITY b "c">]>\n' + voc(name="&b;"),
            "a document type .* is not allowed",
        ),
        ("annotations/a.xml", "<annotation>" * 99, "more than 20 nested elements"),
        ("more/train.json", '{"images": [], "annotations": []}', "got Pascal VOC and COCO"),
    ],
)
def test_invalid_voc_is_reported(name: str, text: str, words: str, tmp_path: Path) -> None:
    put(kaggle(tmp_path) / name, text)
    with pytest.raises(TrainerError, match=words) as caught:
        read_boxes(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "1 0.5 x 0.5 0.5",
            r"a class \(0 to 1\), x, y, width and height in line 1 of labels/a.txt",
        ),
        ("2 0.5 0.5 0.5 0.5", r"a class \(0 to 1\).*, got 2 0.5 0.5 0.5 0.5"),
        ("1 0.5 0.5 0 0.5", "a width and a height, .* in line 1 of labels/a.txt"),
        (
            "1 1.5 0.5 0.2 0.5\n1 1.5 0.5 0.2 0.5",
            r"inside the photo .* line 1 of labels/a.txt \(and 1 more\)",
        ),
    ],
)
def test_invalid_yolo_is_reported(line: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=words):
        read_boxes(yolo(tmp_path, line))


def test_a_broken_first_line_of_yolo_is_reported(tmp_path: Path) -> None:
    """The other files show the format."""
    data = yolo(tmp_path)
    photo(data / "images/b.png")
    put(data / "labels/b.txt", "mask\n")
    with pytest.raises(
        TrainerError, match=r"Expected a class .* in line 1 of labels/b\.txt, got mask"
    ):
        read_boxes(data)


@pytest.mark.parametrize(
    ("bbox", "words"),
    [
        ([1, 2, 3], "Expected image_id, .* in annotation 1 of _annotations.coco.json"),
        ([10, 10, 0, 5], "a width and a height, got 10, 10, 10, 15 in annotation 1 of"),
    ],
)
def test_invalid_coco_is_reported(bbox: object, words: str, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=words):
        read_boxes(coco(tmp_path, bbox))
    put(tmp_path / "_annotations.coco.json", '{"images": 3}')
    with pytest.raises(TrainerError, match="images, annotations and categories of COCO"):
        read_boxes(tmp_path)


def test_annotated_faces_of_a_table(tmp_path: Path) -> None:
    rows = (
        "b__2.jpg,0,0,8,9.5,with_mask",
        "a.jpg,1,2,31,42,no mask",
        "a.jpg,5,5,17,10,incorrect_mask",
    )
    path = table(tmp_path / "streets", *rows)
    assert read_boxes(path)[path.parent / "train/b__2.jpg"] == [(Box(0, 0, 8, 9.5), "with_mask")]
    (first, second), small = list_boxed(recognize(path), smallest=12, first=70)
    assert (first.box, first.label, first.number) == (Box(1, 2, 31, 42), "without_mask", 70)
    assert (second.box, second.label, second.number) == (Box(5, 5, 17, 10), "incorrect_mask", 71)
    assert (first.source, first.part, small) == ("streets", "", 1)
    every, _ = list_boxed(recognize(path), smallest=9, first=0)
    assert every[-1].source == "b"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a.jpg,1,2,3,x,with_mask", r"image, x1, y1, .* in line 3 of train\.csv, got a\.jpg"),
        ("a.jpg,1,2", r"image, x1, y1, .* in line 3 of train\.csv, got a\.jpg"),
        ("a.jpg,1,2,3,4,helmet", r"Expected a label .*, got 'helmet' in line 3 of train\.csv"),
        (
            "a.jpg,5,2,3,4,with_mask",
            r"a width and a height, got 5, 2, 3, 4 in line 3 of train\.csv",
        ),
        ("a.jpg,1,2,nan,4,with_mask", r"a width and a height, .* in line 3 of train\.csv"),
        ("a.jpg,1,2,inf,4,with_mask", r"a width and a height, .* in line 3 of train\.csv"),
        ("gone.jpg,1,2,3,4,with_mask", r"photos of train\.csv in .*gone\.jpg is missing"),
    ],
)
def test_an_invalid_row_is_reported_with_its_line(row: str, words: str, tmp_path: Path) -> None:
    path = table(tmp_path, "a.jpg,1,2,30,40,with_mask", row)
    with pytest.raises(TrainerError, match=words):
        read_boxes(path)


def test_a_table_in_the_working_directory_has_a_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table(tmp_path / "streets", "a.jpg,1,2,30,40,with_mask")
    monkeypatch.chdir(tmp_path / "streets")
    ((face,), _) = list_boxed(recognize(Path("train.csv")), smallest=9, first=0)
    assert face.source == "streets"
    assert face.name == "streets__a__0"


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = table(tmp_path, "a.jpg,1,2,30,40,with_mask")
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert len(read_boxes(path)) == 1


def test_missing_annotations_are_reported(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match=r"Expected boxes in .*train\.csv, got none"):
        read_boxes(table(tmp_path / "none"))
    with pytest.raises(TrainerError, match=r"Expected boxes at .*, got none"):
        read_boxes(tmp_path / "train.csv")
    with pytest.raises(TrainerError, match=r"annotations of one format .* in .*, got none"):
        read_boxes(table(tmp_path, "a.jpg,1,2,3,4,with_mask", header="file,a,b,c,d,kind"))


def test_faces_of_an_unreadable_photo_are_listed(tmp_path: Path) -> None:
    """So that cropping reports it, like those of the other formats."""
    data = yolo(tmp_path, line="1 0.5 0.5 0.01 0.01")
    (data / "images/a.png").write_bytes(b"no picture")
    ((picture,), small) = list_boxed(recognize(data), smallest=12, first=0)
    assert (picture.path, picture.label, small) == (data / "images/a.png", "with_mask", 0)


def test_a_single_table_needs_no_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be in a folder of many others."""
    path = table(tmp_path, "a.jpg,1,2,30,40,with_mask")
    monkeypatch.setattr(annotation, "walk", lambda _: pytest.fail("searched"))
    assert len(list_boxed(recognize(path), smallest=9, first=0)[0]) == 1


def test_folders_that_cannot_be_read_are_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = kaggle(tmp_path)
    (data / "locked").mkdir()
    forbid(data / "locked", monkeypatch)
    annotations = recognize(data)
    assert len(annotations.read()) == 1
    assert annotations.skipped == [("folders that cannot be read", data / "locked")]
    annotations = recognize(data / "annotations/a.xml")
    assert len(annotations.read()) == 1
    assert annotations.skipped == [("folders that cannot be read", data / "locked")]


@pytest.mark.parametrize("content", [b"", b"<!--" + b"x" * 5000 + b"--><annotation/>", b"\0<"])
def test_unrecognized_files_beside_annotations_are_reported(content: bytes, tmp_path: Path) -> None:
    data = kaggle(tmp_path)
    (data / "annotations/b.xml").write_bytes(content)
    assert recognize(data).skipped == [
        ("files that are not Pascal VOC", data / "annotations/b.xml")
    ]


@pytest.mark.parametrize(
    ("make", "name"),
    [(kaggle, "annotations/a.xml"), (yolo, "labels/a.txt"), (coco, "_annotations.coco.json")],
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_byte_order_marks_are_read(
    encoding: str, make: Callable[[Path], Path], name: str, tmp_path: Path
) -> None:
    data = make(tmp_path)
    text = (data / name).read_text(encoding="utf-8")
    (data / name).write_text(text, encoding=encoding)
    assert len(read_boxes(data)) == 1


def test_a_stem_with_a_dot_is_whole(tmp_path: Path) -> None:
    """``a.2.txt`` is not of ``a.png``."""
    data = yolo(tmp_path)
    put(data / "labels/a.2.txt", "0 0.5 0.5 0.5 0.5\n")
    with pytest.raises(
        TrainerError, match=r"Expected the photo a\.2 of labels/a\.2\.txt, got none"
    ):
        read_boxes(data)
    photo(data / "images/a.2.png")
    assert {path.name for path in read_boxes(data)} == {"a.png", "a.2.png"}


def test_contradicting_names_of_a_photo_are_refused(tmp_path: Path) -> None:
    data = kaggle(tmp_path)
    photo(data / "images/b.png")
    put(data / "annotations/b.xml", voc("a.png"))
    words = r"one photo for annotations/b\.xml, got images/a\.png .* and images/b\.png"
    with pytest.raises(TrainerError, match=words):
        read_boxes(data)


def test_files_of_one_name_are_distinguished(tmp_path: Path) -> None:
    """As Roboflow's parts have them."""
    coco(tmp_path / "train")
    coco(tmp_path / "test", bbox=(1, 2, 3))
    with pytest.raises(TrainerError, match=r"annotation 1 of test/_annotations\.coco\.json"):
        read_boxes(tmp_path)


def test_deeply_nested_json_is_refused(tmp_path: Path) -> None:
    put(coco(tmp_path) / "_annotations.coco.json", '{"images": ' + "[" * 100_000)
    with pytest.raises(TrainerError, match="images, annotations and categories of COCO"):
        read_boxes(tmp_path)


def test_photos_without_an_ending_are_recognized(tmp_path: Path) -> None:
    data = coco(tmp_path)
    (data / "a.png").rename(data / "a")
    put(
        data / "_annotations.coco.json",
        (data / "_annotations.coco.json").read_text().replace("a.png", "a"),
    )
    assert [path.name for path in read_boxes(data)] == ["a"]
