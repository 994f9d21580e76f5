"""Real photos, where they lie beside the project: ``../shared/data``, or what SHARED_DATA names."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from inference.contract import ROOT
from trainer.config import Config

DATA = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))

needs_photos = pytest.mark.skipif(
    not (DATA / "faces").is_dir(),
    reason="no real photos: expected faces/<label>/*.jpg in ../shared/data or in $SHARED_DATA",
)


def choose(label: str, count: int, seed: int = 11) -> list[Path]:
    """So many photos of a label, the same each time; those known to be labelled wrongly are not
    among them.
    """
    photos = sorted((DATA / "faces" / label).glob("*.jpg"))
    good = [photo for photo in photos if f"{label}/{photo.stem}" not in _wrong()]
    chosen = np.random.default_rng(seed).permutation(len(good))[:count]
    return [good[i] for i in sorted(chosen.tolist())]


@cache
def _wrong() -> set[str]:
    shipped = Config.load(ROOT / "trainer/shipped.json")
    listed = json.loads((ROOT / shipped.corrections).read_text(encoding="utf-8"))
    return {*listed["relabel"], *listed["drop"]}
