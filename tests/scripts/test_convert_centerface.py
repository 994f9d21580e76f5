"""Tests that the converted weights have the pinned hashes and the outputs of the original."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from inference.vision.centerface import letterbox
from inference.vision.geometry import Floats, Image
from scripts.convert_centerface import HEADS, convert
from scripts.fetch_weights import WEIGHTS, FetchError, fetch
from tests.frames import astronaut, two_faces

pytestmark = pytest.mark.slow

SIDES = (320, 640)
SCORE = 0.25  # cells with a higher score become boxes
Outputs = list[Floats]


@pytest.fixture(scope="module")
def sources() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((WEIGHTS / "sources.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def original(sources: dict[str, Any]) -> bytes:
    try:
        return fetch(sources["original"])
    except FetchError as error:
        pytest.skip(f"the original weights are needed: {error}")


@pytest.fixture(scope="module")
def converted(original: bytes) -> dict[str, bytes]:
    return convert(original)


def pixels(image: Image, side: int) -> Floats:
    canvas, _ = letterbox(image, side)
    return np.ascontiguousarray(canvas.transpose(2, 0, 1)[None])


def run_opencv(content: bytes, inputs: Floats) -> Outputs:
    net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
    net.enableFusion(False)  # OpenCV 4.14 is wrong with fused layers once the shape has changed
    net.setInput(inputs)
    return [np.asarray(output, np.float32) for output in net.forward(HEADS)]


def run_onnxruntime(content: bytes, inputs: Floats) -> Outputs:
    session = onnxruntime.InferenceSession(content)
    return [np.asarray(one) for one in session.run(HEADS, {session.get_inputs()[0].name: inputs})]


def test_the_files_have_the_pinned_hashes(
    converted: dict[str, bytes], sources: dict[str, Any]
) -> None:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in converted.items()}
    assert hashes == sources["converted"]


def test_converting_again_gives_the_same_bytes(
    original: bytes, converted: dict[str, bytes]
) -> None:
    assert convert(original) == converted


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("frame", [astronaut, two_faces])
def test_opencv_and_onnx_runtime_agree(
    converted: dict[str, bytes], frame: Callable[[], Image], side: int
) -> None:
    inputs = pixels(frame(), side)
    content = converted["centerface.onnx"]
    outputs = run_onnxruntime(content, inputs), run_opencv(content, inputs)
    for ours, theirs in zip(*outputs, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-4)


@pytest.mark.parametrize("side", SIDES)
def test_8_bit_weights_keep_the_outputs_close(
    original: bytes, converted: dict[str, bytes], side: int
) -> None:
    """Measured on the astronaut: scores differ by at most 0.017, log sizes of faces by 0.016."""
    inputs = pixels(astronaut(), side)
    expected = run_opencv(original, inputs)
    found = run_onnxruntime(converted["centerface.onnx"], inputs)
    heat, *others = (np.abs(a - b) for a, b in zip(found, expected, strict=True))
    faces = expected[0][0, 0] >= SCORE
    assert faces.any()
    assert heat.max() < 0.03
    for difference in others:
        assert difference[0][:, faces].max() < 0.03


def test_both_runtimes_have_the_same_weights(converted: dict[str, bytes]) -> None:
    """The browser's codes times scales equal the weights of the ONNX file."""
    graph = onnx.load_from_string(converted["centerface.onnx"]).graph
    values = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    by_output = {
        node.output[0]: [values[name] for name in node.input[1:]]
        for node in graph.node
        if node.op_type in {"Conv", "ConvTranspose"}
    }
    relu = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Relu"}
    heat = next(node.input[0] for node in graph.node if node.op_type == "Sigmoid")
    heads = [by_output[name] for name in (heat, *HEADS[1:])]
    layers, offset = json.loads(converted["centerface.json"]), 0
    for layer in (one for one in layers if one["op"] != "add"):
        filters, biases, offset = read_layer(layer, converted["centerface.bin"], offset)
        if layer["output"] == "heads":
            expected = [np.concatenate(parts) for parts in zip(*heads, strict=True)]
        else:
            expected = by_output[relu.get(layer["output"], layer["output"])]
        assert (filters == expected[0]).all(), layer["output"]
        assert (biases == expected[1]).all(), layer["output"]
    assert offset == len(converted["centerface.bin"])


def read_layer(layer: dict[str, Any], content: bytes, offset: int) -> tuple[Floats, Floats, int]:
    """Read a layer like the page.

    Returns:
        The filter in the layout of ONNX, the biases, and the offset of the next layer.
    """
    height, width, first, second = layer["shape"]
    channels = second if layer["op"] == "conv" else first
    codes = np.frombuffer(content, np.int8, height * width * first * second, offset)
    offset += codes.size
    scales, biases = (
        np.frombuffer(content[start : start + 4 * channels], np.float32)
        for start in (offset, offset + 4 * channels)
    )
    order = (2, 3, 0, 1) if layer["op"] == "depthwise" else (3, 2, 0, 1)
    filters = codes.reshape(layer["shape"]).transpose(order)
    shape = (1, channels, 1, 1) if layer["op"] == "transposed" else (channels, 1, 1, 1)
    return (filters * scales.reshape(shape)).astype(np.float32), biases, offset + 8 * channels


def test_an_unexpected_operation_is_refused(original: bytes) -> None:
    model = onnx.load_from_string(original)
    relu = next(node for node in model.graph.node if node.op_type == "Relu")
    relu.op_type = "Tanh"
    with pytest.raises(ValueError, match=r"Expected CenterFace's operations, got Tanh\."):
        convert(model.SerializeToString())
