"""LiteRT models under threads and bad input."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from inference.contract import ROOT, Contract
from inference.errors import ModelError
from inference.vision.geometry import Floats
from inference.vision.litert import LiteRtModel


@pytest.fixture(scope="module", params=["tflite_float32", "tflite_float16", "tflite_int8"])
def content(contract: Contract, request: pytest.FixtureRequest) -> bytes:
    return (ROOT / contract.exports[request.param].file).read_bytes()


@pytest.fixture(scope="module")
def inputs(contract: Contract) -> list[Floats]:
    size = contract.input_size
    generator = np.random.default_rng(3)
    return [generator.uniform(0, 255, (1, size, size, 3)).astype(np.float32) for _ in range(4)]


def test_four_threads_never_mix(content: bytes, inputs: list[Floats]) -> None:
    model = LiteRtModel(content)
    alone = [model.run(one)[0] for one in inputs]
    assert len({answer.tobytes() for answer in alone}) == len(inputs), "all answers differ"

    def run(number: int) -> bool:
        return all((model.run(inputs[number])[0] == alone[number]).all() for _ in range(60))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, range(4)))


def test_outputs_are_not_overwritten_by_the_next_run(content: bytes, inputs: list[Floats]) -> None:
    model = LiteRtModel(content)
    first = model.run(inputs[0])[0]
    copy = first.copy()
    model.run(inputs[1])
    assert (first == copy).all()


@pytest.mark.parametrize("content", [b"", b"no model", bytes(4000)], ids=["empty", "text", "zeros"])
def test_an_invalid_model_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="Not a TFLite model"):
        LiteRtModel(content)


def test_not_a_number_is_an_error(contract: Contract) -> None:
    model = LiteRtModel((ROOT / contract.exports["tflite_float32"].file).read_bytes())
    size = contract.input_size
    with pytest.raises(ModelError, match="not a number"):
        model.run(np.full((1, size, size, 3), np.nan, np.float32))
