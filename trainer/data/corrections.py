"""Label corrections: relabels or drops pictures whose folder is the wrong label."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

from inference.contract import ROOT
from inference.labels import DEFINITE_LABELS
from trainer.config import Config
from trainer.data.crops import FaceCrop
from trainer.errors import TrainerError

log = logging.getLogger(__name__)


def correct(faces: list[FaceCrop], config: Config) -> list[FaceCrop]:
    """Relabel and drop the crops of the pictures that ``Config.corrections`` names.

    The file lists pictures as ``<folder>/<file name without extension>``; pictures that are not
    in the data are ignored.

    Raises:
        TrainerError: the file is missing or invalid.
    """
    if not config.corrections:
        return faces
    path = ROOT / config.corrections
    try:
        wanted = json.loads(path.read_text(encoding="utf-8"))
        relabel, drop = dict(wanted["relabel"]), set(wanted["drop"])
        unknown = set(relabel.values()) - set(DEFINITE_LABELS)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainerError(f"{path.name} is not a list of corrections: {error}") from None
    if unknown:
        raise TrainerError(f"Expected labels {DEFINITE_LABELS} in {path.name}, got {unknown}.")
    # Held-out sources keep their labels: corrections proposed by a model would bias its metrics.
    measured = {face.picture for face in faces if face.source in config.hold_out_sources}
    kept = [face for face in faces if face.picture in measured or face.picture not in drop]
    changed = [
        face
        if face.picture in measured
        else replace(face, label=relabel.get(face.picture, face.label))
        for face in kept
    ]
    count = sum(old != new for old, new in zip(kept, changed, strict=True))
    if count or len(kept) < len(faces):
        log.info("Crops relabelled: %d; dropped: %d.", count, len(faces) - len(kept))
    return changed
