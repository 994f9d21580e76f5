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
"""Runs a command with the Node.js of the set-up."""

MAX_DIFFERENCE = {
    "saved_model": 1e-3,
    "tflite_float32": 1e-3,
    "tflite_float16": 5e-3,
    "tfjs": 5e-3,
}
"""Maximum difference of any probability from Keras; TF.js has float16 weights."""

MAX_FLIPPED = 0.01
"""Maximum proportion of faces for which the top class of the int8 model differs from Keras."""


def verify(stage: Path, model: keras.Model, contract: Contract, faces: Floats) -> dict[str, Any]:
    """Compare all exports below `stage` with Keras on the golden input and on real faces.

    Args:
        faces: float32, shape (n, size, size, 3), RGB, 0 to 255.

    Returns:
        Largest difference and proportion of flipped labels of each export.

    Raises:
        TrainerError: an export differs by more than the tolerance.
    """
    inputs = np.concatenate([faces, contract.golden_image()[None].astype(np.float32)])
    expected = model.predict(inputs, verbose=0)
    outputs = {
        "saved_model": run_saved_model(stage / "models/saved_model/1", inputs),
        "tfjs": run_tfjs(stage / contract.exports["tfjs_model"].file, inputs),
    }
    for name in ("tflite_float32", "tflite_float16", "tflite_int8"):
        outputs[name] = run_tflite(stage / contract.exports[name].file, inputs)
    return compare(expected, outputs)


def compare(expected: Floats, outputs: dict[str, Floats]) -> dict[str, Any]:
    """Compare outputs, shape (n + 1, classes) each, with the expected ones.

    The last row is the golden input.

    Raises:
        TrainerError: an output differs by more than `MAX_DIFFERENCE` or `MAX_FLIPPED` allows.
    """
    faces = len(expected) - 1
    result: dict[str, Any] = {"faces": faces}
    for name, output in outputs.items():
        worst = float(np.abs(output - expected).max())
        # Without the golden input, which is a near tie by design.
        flipped = float((output.argmax(axis=1) != expected.argmax(axis=1))[:-1].mean())
        result[name] = {"largest_difference": worst, "flipped": flipped}
        log.info(
            "%-15s differs from Keras by at most %.1e, flips %.1f %%.", name, worst, 100 * flipped
        )
        tolerance = MAX_DIFFERENCE.get(name)
        if tolerance is not None and not worst <= tolerance:
            raise TrainerError(
                f"{name} differs from Keras by {worst:.1e}, at most {tolerance} allowed."
            )
        if tolerance is None and flipped * faces > max(1, MAX_FLIPPED * faces):
            raise TrainerError(
                f"{name} classifies {flipped:.1%} of the faces differently from Keras, at most "
                f"{MAX_FLIPPED:.0%} allowed."
            )
    return result


def run_saved_model(folder: Path, inputs: Floats) -> Floats:
    """Run the ``serving_default`` signature of a SavedModel, like TensorFlow Serving."""
    serve = tf.saved_model.load(str(folder)).signatures["serving_default"]
    (output,) = serve(tf.constant(inputs)).values()
    return output.numpy()


def run_tflite(file: Path, inputs: Floats) -> Floats:
    """Run a TFLite file with LiteRT."""
    model = LiteRtModel(file.read_bytes())
    return np.stack([model.run(one[None])[0][0] for one in inputs])


def check_node() -> None:
    """Check that TF.js can run.

    Raises:
        TrainerError: the packages of ``web/`` are not installed.
    """
    if not (ROOT / "web/node_modules").is_dir():
        raise TrainerError(
            "The export needs Node.js and the packages of web/ to verify TensorFlow.js: run "
            "'make setup' in the repository."
        )


def run_tfjs(model_json: Path, inputs: Floats) -> Floats:
    """Run a TF.js graph model in Node.js with the wasm backend.

    Raises:
        TrainerError: Node.js or TF.js is not installed, or the model cannot run.
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
