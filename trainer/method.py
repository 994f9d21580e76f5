"""How a run trains: a new model, or by fine-tuning the present one; decided before it begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inference.contract import ROOT
from trainer.base_model import find_base
from trainer.config import Config
from trainer.data.plan import make_plan

MAX_FINE_TUNE_PHOTOS = 5_000
"""With more photos, a new model is trained. The shipped one needed 27,000; with a few hundred, a
new one calls most faces unsure."""
MIN_SAMPLES_PER_EPOCH = 2048
"""Faces sampled per epoch of a fine-tuning: few photos are sampled often, each time augmented."""

_FINE_TUNE_SPLIT = (0.6, 0.2, 0.2)
"""Few photos need larger shares to choose and to measure on than many."""
_MADE_CASES, _MAX_MADE = 1000, 10.0
"""Synthetic cases of a fine-tuning, about, and at most per unmasked face: they show what must not be
forgotten, and few faces alone do not."""

_CROPS_PER_S, _SAMPLES_PER_S, _FIXED_S = 40, 250, 60
"""Speed of cropping and training on two cores, and the duration of what does not depend on the
number of photos: loading TensorFlow, the report and the formats."""


def count_photos(data: Path | None, boxes: Path | None, config: Config) -> int:
    """Return the number of photos that a preparation reads.

    Raises:
        TrainerError: the photos are not laid out as expected.
    """
    return len(make_plan(data, boxes, config).pictures)


def choose_method(
    config: Config, photos: int, epochs: int | None = None, project: Path = ROOT
) -> Config:
    """Return the configuration of a fine-tuning if there are few photos, else `config`.

    Args:
        epochs: of the fine-tuning, instead of the default.
    """
    if config.start_from or photos > MAX_FINE_TUNE_PHOTOS:
        return config
    base = find_base(config, project)
    if not base:
        return config
    return replace(
        config,
        base_model=base.contract.version,
        unsure_below=base.contract.unsure_below,
        split=_FINE_TUNE_SPLIT if config.split == Config().split else config.split,
        made=min(_MAX_MADE, max(config.made, _MADE_CASES / photos)),
        fine_tune_epochs=epochs or config.fine_tune_epochs,
        samples_per_epoch=config.samples_per_epoch or max(MIN_SAMPLES_PER_EPOCH, photos),
    )


def describe_method(config: Config, photos: int) -> str:
    """Return how the run trains and about how long all steps take, as a sentence or two."""
    fine = config.start_from or config.base_model
    epochs = config.fine_tune_epochs if fine else config.epochs
    seconds = (
        _FIXED_S
        + photos / _CROPS_PER_S
        + epochs * (config.samples_per_epoch or photos) / _SAMPLES_PER_S
    )
    what = f"fine-tunes the model {fine}" if fine else "trains a new model"
    return (
        f"{photos:,} photos: {what} in {epochs} epochs. All steps take about "
        f"{max(1, round(seconds / 60))} minutes on two cores."
    )
