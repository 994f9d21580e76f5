"""Annotated photos in each format, for tests."""

from __future__ import annotations

import json
from pathlib import Path

from inference.vision.geometry import Box
from tests.trainer.photos import faceless, write
from trainer.data.boxes.table import BOX_COLUMNS

FACE = (Box(20, 30, 60, 80), "with_mask")
"""The annotated face of a photo of 200 × 150 pixels."""

VOC = """<annotation>
  <folder>images</folder>
  <filename>{filename}</filename>
  <object>
    <name>{name}</name>
    <part><name>nose</name></part>
    <bndbox><xmin>{box[0]}</xmin><ymin>{box[1]}</ymin><xmax>{box[2]}</xmax><ymax>{box[3]}</ymax></bndbox>
  </object>
</annotation>
"""


def photo(path: Path) -> Path:
    return write(path, faceless())


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def voc(filename: str = "a.png", name: str = "with_mask", box: tuple[object, ...] = FACE[0]) -> str:
    return VOC.format(filename=filename, name=name, box=box)


def table(folder: Path, *rows: str, header: str = ",".join(BOX_COLUMNS)) -> Path:
    photo(folder / "train/a.jpg")
    photo(folder / "train/b__2.jpg")
    return put(folder / "train.csv", "\n".join([header, *rows]))


def kaggle(data: Path) -> Path:
    """Pascal VOC as the face-mask-detection data set of Kaggle has it."""
    photo(data / "images/a.png")
    put(data / "annotations/a.xml", voc())
    return data


def yolo(data: Path, line: str = "1 0.2 0.36666667 0.2 0.33333333", part: str = "") -> Path:
    photo(data / "images" / part / "a.png")
    put(data / "labels" / part / "a.txt", f"{line}\n")
    put(data / "data.yaml", "train: images\nnc: 2\nnames: ['no mask', mask]\n")
    put(data / "README.txt", "2 classes\n")
    return data


def coco(data: Path, bbox: object = (20, 30, 40, 50)) -> Path:
    photo(data / "a.png")
    content = {
        "info": {},
        "images": [{"id": 7, "file_name": "a.png", "width": 200, "height": 150}],
        "annotations": [{"id": 1, "image_id": 7, "category_id": 3, "bbox": bbox}],
        "categories": [{"id": 0, "name": "things"}, {"id": 3, "name": "WithMask"}],
    }
    put(data / "_annotations.coco.json", json.dumps(content))
    return data
