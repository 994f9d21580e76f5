"""Runs every export on the same faces and compares it with Keras."""

from __future__ import annotations

import json
import logging
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from inference.contract import ROOT, Contract
from inference.vision.geometry import Floats
from inference.vision.litert import LiteRtModel
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

NODE = str(ROOT / "scripts/node.sh")
"""Runs Node.js wherever set-up found or put it."""

MOST_DIFFERENCE = {
    "saved_model": 1e-3,
    "tflite_float32": 1e-3,
    "tflite_float16": 5e-3,
    "tfjs": 5e-3,
}
"""Largest difference of any probability from Keras; TF.js has float16 weights."""

MOST_FLIPPED = 0.01
"""Share of faces for which the top class of the int8 model may differ from Keras."""


def verify(stage: Path, model: keras.Model, contract: Contract, faces: Floats) -> dict[str, Any]:
    """Compare all exports below `stage` with Keras on the golden input and on real faces.

    Args:
        faces: float32, shape (n, size, size, 3), RGB, 0 to 255.

    Returns:
        For each export the largest difference, and for int8 the share of flipped verdicts.

    Raises:
        TrainerError: an export differs by more than is allowed.
    """
    inputs = np.concatenate([faces, contract.golden_image()[None].astype(np.float32)])
    expected = model.predict(inputs, verbose=0)
    answers = {
        "saved_model": run_saved_model(stage / "models/saved_model/1", inputs),
        "tfjs": run_tfjs(stage / contract.exports["tfjs_model"].file, inputs),
    }
    for name in ("tflite_float32", "tflite_float16", "tflite_int8"):
        answers[name] = run_tflite(stage / contract.exports[name].file, inputs)
    return compare(expected, answers)


def compare(expected: Floats, answers: dict[str, Floats]) -> dict[str, Any]:
    """Differences of the answers, shape (n + 1, classes) each, from the expected ones.

    The last row is the golden input's.

    Raises:
        TrainerError: one differs by more than `MOST_DIFFERENCE` or `MOST_FLIPPED` allows.
    """
    faces = len(expected) - 1
    result: dict[str, Any] = {"faces": faces}
    for name, found in answers.items():
        worst = float(np.abs(found - expected).max())
        # The golden input, the last, is undecided on purpose.
        flipped = float((found.argmax(axis=1) != expected.argmax(axis=1))[:-1].mean())
        result[name] = {"largest_difference": worst, "flipped": flipped}
        log.info(
            "%-15s differs from Keras by at most %.1e, flips %.1f %%.", name, worst, 100 * flipped
        )
        most = MOST_DIFFERENCE.get(name)
        if most is not None and not worst <= most:
            raise TrainerError(f"{name} differs from Keras by {worst:.1e}, at most {most} allowed.")
        if most is None and flipped * faces > max(1, MOST_FLIPPED * faces):
            raise TrainerError(
                f"{name} classifies {flipped:.1%} of the faces differently from Keras, at most "
                f"{MOST_FLIPPED:.0%} allowed."
            )
    return result


def run_saved_model(folder: Path, inputs: Floats) -> Floats:
    """Probabilities from a SavedModel's ``serving_default``, as TensorFlow Serving calls it."""
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    (answer,) = serve(tf.constant(inputs)).values()
    return answer.numpy()


def run_tflite(file: Path, inputs: Floats) -> Floats:
    """Probabilities from a TFLite file, by LiteRT."""
    model = LiteRtModel(file.read_bytes())
    return np.stack([model.run(one[None])[0][0] for one in inputs])


def check_node() -> None:
    """Make sure that TF.js can be run.

    Raises:
        TrainerError: the packages of ``web/`` are not installed.
    """
    if not (ROOT / "web/node_modules").is_dir():
        raise TrainerError(
            "The export needs Node.js and the packages of web/ to check TensorFlow.js: run "
            "'make setup' in the repository."
        )


def run_tfjs(model_json: Path, inputs: Floats) -> Floats:
    """Probabilities from a TF.js graph model, by Node with the wasm backend.

    Raises:
        TrainerError: there is no Node, or TF.js is not installed in ``web/``.
    """
    check_node()
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(inputs.astype("<f4").tobytes())
        file.flush()
        command = [
            NODE,
            "node",
            "tools/classify.mjs",
            str(model_json.resolve()),
            file.name,
            json.dumps(inputs.shape),
        ]
        done = subprocess.run(
            command, cwd=ROOT / "web", capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise TrainerError(f"TF.js could not run the export: {done.stderr.strip()[-300:]}")
    return np.array(json.loads(done.stdout), np.float32)
