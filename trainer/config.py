"""All options of the trainer.

The shipped model was trained with the options of ``trainer/shipped.json``: see ``docs/training.md``.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from inference.contract import WEIGHTS, DetectorSettings
from trainer.errors import TrainerError

RUNS = Path("runs")  # in the working directory

_LIMITS = {
    "balance": (0, 1),
    "made": (0, 10),
    "input_size": (8, 512),
    "crop_side": (8, 1024),
    "crop_context": (1, 4),
    "smallest_face": (0, 512),
    "duplicate_bits": (0, 15),
    "dense": (1, 4096),
    "dropout": (0, 0.95),
    "epochs": (1, 10_000),
    "fine_tune_epochs": (1, 10_000),
    "fine_tune_rate": (0, 1),
    "samples_per_epoch": (0, 10**7),
    "batch_size": (1, 4096),
    "learning_rate": (0, 1),
    "weight_decay": (0, 1),
    "label_smoothing": (0, 0.5),
    "seed": (0, 2**31 - 1),
    "unsure_below": (0, 1),
}

CROP_SCALE = 1.25
"""Side of a crop for the classifier, in longer sides of the detector's box."""

CROP_SHIFT = 0.1
"""How far the crop lies below the box, in its sides: the mask is below the middle of a face."""

_DETECTOR: dict[str, Any] = {
    "file": "centerface.onnx",
    "score_threshold": 0.25,
    "iou_threshold": 0.3,
    "containment_threshold": 0.7,
    "enlargement": 1.6,
    "longest_side": 800,
    "small_side": 128,
    "large_face": 0.3,
    "near_side": 320,
    "far_side": 640,
    "live_score_threshold": 0.3,
    "crop_scale": CROP_SCALE,
    "crop_shift": CROP_SHIFT,
}


@dataclass(frozen=True)
class Config:
    """The trainer's configuration; saved as ``config.json`` in the run's folder."""

    # Data
    corrections: str = ""
    """Path of the reviewed label corrections (`trainer.data.corrections`), relative to the project;
    empty for none."""
    hold_out_sources: tuple[str, ...] = ()
    """Sources (the part of a file name before ``__``, for other annotated photos the name of their
    folder) to keep out of training and measure on."""
    split: tuple[float, float, float] = (0.8, 0.1, 0.1)
    """Proportions of train, val and test."""
    source_weights: dict[str, float] = field(default_factory=lambda: {"made": 0.6})
    """Sampling weight of each source's pictures, 1 by default: lower for noisy labels and pasted
    masks, higher for realistic photos. ``made`` is the source of the synthetic cases."""
    min_pose_shares: dict[str, float] = field(
        default_factory=lambda: {"turned": 0.12, "profile": 0.08}
    )
    """Minimum share of each pose (`trainer.data.pose`) among the sampled faces of a label."""
    balance: float = 0.5
    """0 samples all pictures equally, 1 samples all sources of a label equally."""
    rarity: float = 0.1
    """Exponent of the loss weight of rare labels; 0 weights all labels equally."""
    made: float = 1.0
    """Synthetic hard cases (`trainer.data.synthetic`) per unmasked face of train and of test."""

    # Crops
    input_size: int = 64
    """Side of the classifier's input in pixels."""
    crop_side: int = 128
    """Side of the stored crops in pixels; they are wider than the input, for jitter."""
    crop_context: float = 1.6
    """Side of a stored crop relative to the classifier's crop."""
    smallest_face: float = 12.0
    """Minimum longer side of a face, in pixels of the photo."""
    duplicate_bits: int = 12
    """Maximum number of differing bits of the 256-bit perceptual hashes of duplicates."""

    # Model
    filters: tuple[tuple[int, ...], ...] = ((24,), (48,), (64, 64), (96, 96))
    """Filters of the 3 × 3 convolutions of each stage; each stage ends with a max-pooling."""
    dense: int = 96
    dropout: float = 0.3

    # Training
    start_from: str = ""
    """Folder of the run whose model to fine-tune; empty to train a new model."""
    fine_tune_epochs: int = 8
    """Number of epochs if `start_from` or `base_model` is given."""
    fine_tune_rate: float = 5e-4
    """Learning rate if `start_from` or `base_model` is given."""
    base_model: str = ""
    """Version of the exported model to fine-tune (`trainer.fine_tune`); empty for none."""
    epochs: int = 30
    samples_per_epoch: int = 0
    """Faces sampled per epoch; 0 for the number of training faces."""
    batch_size: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    label_smoothing: float = 0.05
    seed: int = 7

    # Verdicts
    unsure_below: float = 0.7
    """Threshold of *unsure*, unless the export calibrates it."""

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise TrainerError(
                    f"Expected {name} of {low} to {high}, got {getattr(self, name)}."
                )
        if len(self.split) != 3 or abs(sum(self.split) - 1) > 1e-6 or min(self.split) <= 0:
            raise TrainerError(
                f"Expected a split of three proportions that sum to 1, got {self.split}."
            )
        if self.crop_side < self.input_size * self.crop_context:
            raise TrainerError(
                f"Expected crops of at least input_size × crop_context pixels, got crop_side "
                f"{self.crop_side} for {self.input_size} × {self.crop_context}."
            )

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Config:
        """Return the defaults with some values changed.

        Raises:
            TrainerError: an option is unknown, of the wrong type or out of range.
        """
        known = {f.name for f in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise TrainerError(
                f"Expected options of {', '.join(sorted(known))}, got {', '.join(unknown)}."
            )
        default = cls()
        for name, value in values.items():
            if not _same_type(value, getattr(default, name)):
                raise TrainerError(
                    f"Expected {name} of the same type as {json.dumps(getattr(default, name))}, "
                    f"got {json.dumps(value)}."
                )
        return cls(**{name: _as_tuple(value) for name, value in values.items()})

    @classmethod
    def load(cls, path: Path, **changes: Any) -> Config:
        """Read a configuration file; `changes` override its values.

        Raises:
            TrainerError: the file is missing or not a valid configuration.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise TrainerError(f"Expected a configuration at {path}, got none.") from None
        except ValueError as error:
            raise TrainerError(f"{path} is not a configuration: {error}.") from None
        if not isinstance(values, dict):
            raise TrainerError(f"Expected an object of options in {path}, got {values!r:.40}.")
        return cls.from_dict(values | changes)

    def save(self, path: Path) -> None:
        """Write the configuration as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def detector_settings() -> DetectorSettings:
    """Return the detector's settings for the runtimes, with the hashes of its weights."""
    sources = json.loads((WEIGHTS / "sources.json").read_text(encoding="utf-8"))
    hashes = dict(sources["converted"])
    sha256 = hashes.pop(_DETECTOR["file"])
    return DetectorSettings(sha256=sha256, browser_sha256=hashes, **_DETECTOR)


def _same_type(value: Any, default: Any) -> bool:
    """Return whether a JSON value has the type of an option's default."""
    if isinstance(default, dict):
        return isinstance(value, dict) and all(_same_type(v, 1.0) for v in value.values())
    if isinstance(default, tuple):
        example = (
            default[0] if default else ""
        )  # hold_out_sources, the only empty default, holds names
        return isinstance(value, list | tuple) and all(_same_type(v, example) for v in value)
    kinds = int | float if isinstance(default, float) else type(default)
    return isinstance(value, kinds) and not isinstance(value, bool)


def _as_tuple(value: Any) -> Any:
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value
