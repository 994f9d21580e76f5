"""The shipped model gives the same results in every format. The figures are printed."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from inference import read_picture
from inference.contract import MODELS, ROOT, Contract, read_verified
from inference.vision.centerface import CenterFace
from inference.vision.faces import crop
from inference.vision.geometry import Box, Floats
from tests.frames import FRAMES
from tests.real import choose, needs_photos
from trainer.export.verify import compare, run_saved_model, run_tfjs, run_tflite

pytestmark = pytest.mark.slow

MANY = 64
NAMES = ("saved_model", "tfjs", "tflite_float32", "tflite_float16", "tflite_int8")


@pytest.fixture(scope="module")
def model() -> keras.Model:
    return keras.models.load_model(MODELS / "mask.keras", compile=False)


def drawn(contract: Contract) -> Floats:
    """The faces of the webcam frames, with and without a mask, cut a little differently."""
    detector = CenterFace(contract.detector)
    scale, shift = contract.detector.crop_scale, contract.detector.crop_shift
    return np.stack(
        [
            crop(frame(), face.box.moved(step, -step), scale, shift, contract.input_size)
            for frame in FRAMES.values()
            for face in detector.detect(frame())
            for step in (-9, 0, 9)
        ]
    )


def photographed(contract: Contract) -> Floats:
    """Real faces of every label; the whole photo where no face is detected."""
    detector = CenterFace(contract.detector)
    scale, shift = contract.detector.crop_scale, contract.detector.crop_shift
    inputs = []
    for photo in [p for label in contract.labels for p in choose(label, MANY // 2)]:
        image = read_picture(photo)
        whole = Box(0, 0, image.shape[1], image.shape[0]).scaled(1)
        boxes = [face.box for face in detector.detect(image)] or [whole]
        inputs.append(crop(image, boxes[0], scale, shift, contract.input_size))
    return np.stack(inputs)[np.random.default_rng(0).permutation(len(inputs))[:MANY]]


FACES = {"drawn": drawn, "photographed": photographed}


@pytest.mark.parametrize("name", ["drawn", pytest.param("photographed", marks=needs_photos)])
def test_every_format_answers_as_keras(
    name: str, model: keras.Model, contract: Contract, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within the limits that the trainer exports by."""
    golden = contract.golden_image()[None].astype(np.float32)
    inputs = np.concatenate([FACES[name](contract), golden])
    expected = model.predict(inputs, verbose=0)
    answers = {
        "saved_model": run_saved_model(
            (ROOT / contract.exports["saved_model"].file).parent, inputs
        ),
        "tfjs": run_tfjs(ROOT / contract.exports["tfjs_model"].file, inputs),
    }
    for lite in NAMES[2:]:
        answers[lite] = run_tflite(ROOT / contract.exports[lite].file, inputs)
    report = compare(expected, answers)
    assert report.keys() == {"faces", *NAMES}
    with capsys.disabled():
        print(f"\nAgainst Keras on {report['faces']} {name} faces and the golden input:")
        for way in NAMES:
            print(
                "  {:<15} differs by at most {largest_difference:.1e}, flips {flipped:.1%}".format(
                    way, **report[way]
                )
            )


def test_keras_gives_the_golden_output(model: keras.Model, contract: Contract) -> None:
    golden = contract.golden_image()[None].astype(np.float32)
    answer = model.predict(golden, verbose=0)[0]
    assert answer == pytest.approx(contract.golden_output, abs=1e-4)


def test_every_file_is_the_one_that_the_contract_names(contract: Contract) -> None:
    for described in contract.exports.values():
        assert len(read_verified(ROOT / described.file, described.sha256)) == described.bytes
