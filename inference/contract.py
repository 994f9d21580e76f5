"""The contract between the trainer and the runtimes: ``models/contract.json``.

The trainer writes it beside its exports; Python and the page read it. It is the only place where
labels, sizes and thresholds are written down.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from dataclasses import asdict, dataclass
from functools import reduce
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import ModelError
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Image

_PACKAGED = Path(__file__).with_name("resources")
ROOT = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).resolve().parent.parent
"""The folder of ``models``, ``weights`` and ``web``: the repository, or what the wheel holds."""
MODELS = ROOT / "models"
WEIGHTS = ROOT / "weights"


RANGES: dict[str, tuple[float, float]] = {
    "input_size": (8, 512),
    "smallest_face": (0, 512),
    "unsure_below": (0, 1),
    "detector.score_threshold": (0, 1),
    "detector.iou_threshold": (0, 1),
    "detector.containment_threshold": (0, 1),
    "detector.enlargement": (1, 8),
    "detector.longest_side": (32, 4096),
    "detector.small_side": (32, 4096),
    "detector.large_face": (0, 1),
    "detector.near_side": (32, 4096),
    "detector.far_side": (32, 4096),
    "detector.live_score_threshold": (0, 1),
    "detector.crop_scale": (0.5, 4),
    "detector.crop_shift": (-0.5, 0.5),
    "golden.tolerance": (0, 0.1),
}
"""Ranges of the numbers in a contract, with which every runtime works."""


@dataclass(frozen=True)
class DetectorSettings:
    """How faces are detected, and how they are cropped for the classifier."""

    file: str
    """Name of the weights in ``weights/``."""
    sha256: str
    browser_sha256: dict[str, str]
    """The browser's files of the same weights, with their hashes."""
    score_threshold: float
    """Minimum score of a face in a photo."""
    iou_threshold: float
    """Boxes with a larger IoU are one face."""
    containment_threshold: float
    """Boxes are one face if a larger part of the smaller one lies within the other."""
    enlargement: float
    """Photos are enlarged by this factor, but to `longest_side` at most."""
    longest_side: int
    """Longer side, in pixels, to which larger photos are reduced."""
    small_side: int
    """The same for the second pass, for large faces."""
    large_face: float
    """Minimum height of a face of the second pass, as a fraction of the photo's longer side."""
    near_side: int
    """Longer side, in pixels, to which frames are reduced."""
    far_side: int
    """The same for the far passes, which detect distant faces."""
    live_score_threshold: float
    """Minimum score of a face in a frame."""
    crop_scale: float
    """Side of the square crop for the classifier, as a multiple of the box's longer side."""
    crop_shift: float
    """How far the centre of the crop lies below that of the box, in sides of the crop."""


@dataclass(frozen=True)
class Golden:
    """An input and the expected output; a runtime whose output differs is broken."""

    input: str
    """Raw RGB bytes of input_size × input_size pixels, base64."""
    probabilities: dict[str, float]
    """By label. They differ, so that labels in another order are detected."""
    tolerance: float


@dataclass(frozen=True)
class Export:
    """One exported file; its path is relative to `ROOT`."""

    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Contract:
    """Everything a runtime needs to know about the model."""

    version: str
    labels: list[str]
    input_size: int
    """Side of the classifier's square input: float32, RGB, 0 to 255, not scaled further."""
    resize: str
    """The rule by which faces are cut to that size: ``triangle``, see `geometry.taps`."""
    smallest_face: float
    """Faces whose longer side has fewer pixels are ``too_small`` and not classified."""
    unsure_below: float
    """If no probability reaches this threshold, a face is ``unsure``."""
    detector: DetectorSettings
    golden: Golden
    exports: dict[str, Export]
    data: dict[str, Any]
    measured: dict[str, Any]

    @classmethod
    def load(cls, path: Path = MODELS / "contract.json") -> Contract:
        """Read a contract.

        Raises:
            ModelError: it is missing or not what the trainer writes.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            raw["detector"] = DetectorSettings(**raw["detector"])
            raw["golden"] = Golden(**raw["golden"])
            raw["exports"] = {name: Export(**one) for name, one in raw["exports"].items()}
            contract = cls(**raw)
            contract._validate()
            return contract
        except FileNotFoundError:
            raise ModelError(
                f"No model: expected {path.name} in {path.parent}. "
                "Restore it with git, or train one: python -m trainer all --data FOLDER."
            ) from None
        except OSError as error:
            raise ModelError(f"{path} cannot be read: {error.strerror}.") from None
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise ModelError(f"{path.name} is not a contract of this version: {error}") from None

    def _validate(self) -> None:
        """Raise ValueError with the name of a field that no runtime can work with."""
        unknown = [name for name in self.labels if name not in DEFINITE_LABELS]
        if unknown or len(set(self.labels)) < max(2, len(self.labels)):
            known = ", ".join(DEFINITE_LABELS)
            raise ValueError(f"expected labels of {known}, got {', '.join(map(str, self.labels))}")
        for path, (low, high) in RANGES.items():
            value: Any = reduce(getattr, path.split("."), self)
            if not _is_number(value) or not low <= value <= high:
                raise ValueError(f"{path} is wrong: expected {low} to {high}, got {value!r}")
        fits = {
            "version": isinstance(self.version, str) and self.version != "",
            "input_size": isinstance(self.input_size, int),
            "resize": self.resize == "triangle",
            "detector.file": isinstance(self.detector.file, str),
            "detector.sha256": isinstance(self.detector.sha256, str),
            "detector.browser_sha256": isinstance(self.detector.browser_sha256, dict),
            "exports": "tflite_float32" in self.exports,
            "golden.probabilities": self._golden_distinguishes_labels(),
            "golden.input": len(base64.b64decode(self.golden.input)) == 3 * self.input_size**2,
        }
        if wrong := [name for name, right in fits.items() if not right]:
            raise ValueError(f"{wrong[0]} is wrong")

    def _golden_distinguishes_labels(self) -> bool:
        probabilities = self.golden.probabilities
        if set(probabilities) != set(self.labels) or not all(
            map(_is_number, probabilities.values())
        ):
            return False
        pairs = combinations(probabilities.values(), 2)
        return all(abs(one - other) > 2 * self.golden.tolerance for one, other in pairs)

    def save(self, path: Path) -> None:
        """Write the contract as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @property
    def golden_output(self) -> list[float]:
        """The expected probabilities of the golden input, in the order of the labels."""
        return [self.golden.probabilities[label] for label in self.labels]

    def golden_image(self) -> Image:
        """The golden input: uint8, shape (input_size, input_size, 3), RGB."""
        pixels = np.frombuffer(base64.b64decode(self.golden.input), np.uint8)
        return pixels.reshape(self.input_size, self.input_size, 3)


def read_export(project: Path, export: Export) -> bytes:
    """The bytes of an export, whose name starts from `project`.

    Raises:
        ModelError: it is missing, or not the file that the contract names.
    """
    remedy = f"restore it: git checkout {export.file}"
    return read_verified(project / export.file, export.sha256, remedy)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def read_verified(path: Path, sha256: str, remedy: str = "run 'make setup'") -> bytes:
    """The bytes of `path`.

    Args:
        remedy: how to restore a missing or changed file.

    Raises:
        ModelError: the file is missing, or its SHA-256 is not `sha256`.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        content = path.read_bytes()
    except OSError:
        raise ModelError(f"{name} is missing; {remedy}.") from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ModelError(
            f"{name} is not the file that the contract names: expected SHA-256 {sha256[:12]}…, "
            f"got {found[:12]}…; {remedy}."
        )
    return content
