"""Errors by age, gender and race: ``python -m bench.fairness RUN``.

RUN is a run that held the source ``utkface`` out, whose file names carry the three. Its faces are
bare; each is measured again with a drawn mask. *Missed* are bare faces whose definite verdict is
*mask*, *false alarms* masked faces whose definite verdict is another.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from bench.tables import print_table
from inference import read_picture
from inference.vision.geometry import Floats, Image
from trainer.calibration import rescale
from trainer.config import Config
from trainer.data.crops import FaceCrop, read_faces
from trainer.data.dataset import to_input
from trainer.data.occlusion_drawing import Cloths, FaceCoordinates
from trainer.data.synthetic import mask_worn
from trainer.evaluate.metrics import proportion

SOURCE = "utkface"
GENDERS = ("male", "female")
RACES = ("White", "Black", "Asian", "Indian", "other")
AGES = ((20, "under 20"), (40, "20 to 39"), (60, "40 to 59"), (200, "from 60"))
CLOTHS = 300  # masked faces whose cloth is drawn


def groups(name: str) -> list[str]:
    """Age, gender and race of a file ``utkface__<age>_<gender>_<race>_….jpg``, if it has them."""
    parts = name.partition("__")[2].split("_")
    if len(parts) < 4 or not all(part.isdecimal() for part in parts[:3]):
        return []
    age, gender, race = map(int, parts[:3])
    if gender >= len(GENDERS) or race >= len(RACES):
        return []
    return [next(text for limit, text in AGES if age < limit), GENDERS[gender], RACES[race]]


def faces_of(run: Path, part: str, label: str, source: str = "") -> list[tuple[Path, FaceCrop]]:
    """The crops of a part that have landmarks, each with its row."""
    rows = {row.crop: row for row in read_faces(run / "faces.csv")}
    paths = sorted((run / "dataset" / part / label).glob(f"{source}*.jpg"))
    return [
        (path, rows[path.name]) for path in paths if path.name in rows and rows[path.name].points
    ]


def draw_masks(faces: list[tuple[Path, FaceCrop]], cloths: Cloths) -> Iterator[Image]:
    rng = np.random.default_rng(0)
    for path, row in faces:
        face = FaceCoordinates.of(row.points)
        image = read_picture(path)
        yield mask_worn(image, face, cloths, rng) if face else image


def predictor(run: Path, temperature: float) -> Callable[[list[Image]], Floats]:
    """Calibrated probabilities of stored crops by the run's model."""
    config = Config.load(run / "config.json")
    model = keras.models.load_model(run / "model.keras", compile=False)

    def predict(images: list[Image]) -> Floats:
        inputs = np.stack([to_input(image, config) for image in images])
        found = model.predict(inputs, batch_size=256, verbose=0)
        return rescale(found, temperature)

    return predict


def flags(probabilities: Floats, right: bool, unsure_below: float) -> NDArray[np.bool_]:
    """Whether each face has a wrong definite verdict, and whether it is unsure; shape (2, n).

    Args:
        right: whether with_mask, the first label, is the right verdict.
    """
    unsure = probabilities.max(axis=1) < unsure_below
    return np.stack([~unsure & ((probabilities.argmax(axis=1) == 0) != right), unsure])


def read_cloths(run: Path) -> Cloths:
    """Masked faces of the training data, whose cloth is drawn."""
    masked = faces_of(run, "train", "with_mask")[::10][:CLOTHS]
    pairs = [(path, FaceCoordinates.of(row.points)) for path, row in masked]
    return [(read_picture(path), face) for path, face in pairs if face]


def measure(run: Path) -> dict[str, dict[str, Any]]:
    """The columns of the table: a proportion for each group, and the largest gap of each kind."""
    report = json.loads((run / "report/metrics.json").read_text(encoding="utf-8"))["calibration"]
    faces = [
        face for face in faces_of(run, "held_out", "without_mask", SOURCE) if groups(face[0].name)
    ]
    predict, limit = predictor(run, report["temperature"]), report["unsure_below"]
    bare = flags(predict([read_picture(path) for path, _ in faces]), False, limit)
    masked = flags(predict(list(draw_masks(faces, read_cloths(run)))), True, limit)
    names = ["missed, bare", "unsure, bare", "false alarms, masked", "unsure, masked"]
    people = np.array([groups(path.name) for path, _ in faces])
    columns = dict(zip(names, [*bare, *masked], strict=True))
    return {name: by_group(flag, people) for name, flag in columns.items()}


def by_group(flag: NDArray[np.bool_], people: NDArray[np.str_]) -> dict[str, Any]:
    """The proportion of flagged faces in each group, and the largest gap within each kind."""
    column: dict[str, Any] = {}
    for kind, of in zip(("age", "gender", "race"), people.T, strict=True):
        shares = {
            group: proportion(int(flag[of == group].sum()), int((of == group).sum()))
            for group in sorted(set(of.tolist()))
        }
        values = [share["value"] for share in shares.values()]
        column |= shares | {f"largest gap, {kind}": f"{max(values) - min(values):.1%}"}
    return column


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    print_table(measure(parser.parse_args().run))
