"""Converts CenterFace's ONNX weights for the runtimes.

Both runtimes use the same 8-bit weights, so that Python and the browser detect the same faces:
``centerface.onnx`` (for ONNX Runtime, any input size) and, for TensorFlow.js, the layers in
``centerface.json`` with their parameters in ``centerface.bin``.

Each output channel of a filter has a scale of its own (Krishnamoorthi 2018, "Quantizing deep
convolutional networks for efficient inference", section 3.1). On ``scenes/val`` this costs no
recall; one scale per filter costs one to two points.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

Floats = NDArray[np.float32]

HEADS = ("537", "538", "539", "540")
"""The outputs: heat map (1 channel), log sizes (2), offsets (2), landmarks (10)."""
LARGEST_CODE = 127


@dataclass(frozen=True)
class Filter:
    """A quantized filter: the weights are ``codes * scales``."""

    codes: NDArray[np.int8]
    """Shape as in ONNX: (out, in, height, width), or (in, out, …) of a transposed convolution."""
    scales: Floats
    """One per output channel; broadcasts with `codes`."""
    biases: Floats
    """Shape (output channels,)."""

    @property
    def values(self) -> Floats:
        """The dequantized weights."""
        return (self.codes * self.scales).astype(np.float32)


def convert(original: bytes) -> dict[str, bytes]:
    """Convert the original ONNX file.

    Returns:
        The content of ``centerface.onnx``, ``centerface.json`` and ``centerface.bin``; the same
        bytes on every machine.

    Raises:
        ValueError: the model has an unexpected operation.
    """
    model = onnx.load_from_string(original)
    weights = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    _fold_batch_norms(model.graph, weights)
    filters = {
        node.output[0]: _quantize(node, weights)
        for node in model.graph.node
        if node.op_type in {"Conv", "ConvTranspose"}
    }
    layers, parameters = _describe_layers(model.graph, filters)
    return {
        "centerface.onnx": _to_onnx(model, filters),
        "centerface.json": json.dumps(layers, separators=(",", ":")).encode() + b"\n",
        "centerface.bin": parameters,
    }


def _fold_batch_norms(graph: onnx.GraphProto, weights: dict[str, Floats]) -> None:
    """Fold each batch normalisation into the transposed convolution before it."""
    for norm in [node for node in graph.node if node.op_type == "BatchNormalization"]:
        convolution = next(node for node in graph.node if node.output[0] == norm.input[0])
        gamma, beta, mean, variance = (weights[name] for name in norm.input[1:])
        factor = gamma / np.sqrt(variance + np.float32(_attributes(norm)["epsilon"]))
        name = convolution.input[1]
        weights[name] = weights[name] * factor[None, :, None, None]
        weights[f"{name}.bias"] = beta - mean * factor
        convolution.input.append(f"{name}.bias")
        convolution.output[0] = norm.output[0]
        graph.node.remove(norm)


def _quantize(node: onnx.NodeProto, weights: dict[str, Floats]) -> Filter:
    values, biases = (weights[name] for name in node.input[1:])
    output_axis = 0 if node.op_type == "Conv" else 1
    others = tuple(axis for axis in range(4) if axis != output_axis)
    scales = np.abs(values).max(axis=others, keepdims=True) / np.float32(LARGEST_CODE)
    scales = np.maximum(scales, np.finfo(np.float32).tiny)  # a channel may be all zeros
    codes = np.rint(values / scales).astype(np.int8)
    return Filter(codes, scales.astype(np.float32), biases.astype(np.float32))


def _to_onnx(model: onnx.ModelProto, filters: dict[str, Filter]) -> bytes:
    graph = model.graph
    initializers = []
    for node in graph.node:
        if found := filters.get(node.output[0]):
            for name, array in zip(node.input[1:], (found.values, found.biases), strict=True):
                initializers.append(numpy_helper.from_array(array, name))
    inputs = [one for one in graph.input if one.name == graph.node[0].input[0]]
    for field, kept in ((graph.initializer, initializers), (graph.input, inputs)):
        del field[:]
        field.extend(kept)
    del graph.value_info[:]
    for value in (*graph.input, *graph.output):  # the original has a fixed batch and size
        for axis, dimension in enumerate(value.type.tensor_type.shape.dim):
            if axis != 1:
                dimension.dim_param = f"{value.name}_{axis}"
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def _describe_layers(
    graph: onnx.GraphProto, filters: dict[str, Filter]
) -> tuple[list[dict[str, Any]], bytes]:
    """Return the layers in execution order, and their concatenated parameters.

    The parameters of a layer are its codes (int8, in the layout of TensorFlow.js: height, width,
    in, out; depthwise: height, width, in, 1; transposed: height, width, out, in), then scales and
    biases (float32). The four heads are merged into one layer of 15 channels, without the sigmoid
    of the heat map.
    """
    layers: list[dict[str, Any]] = []
    parameters = bytearray()
    heat = next(node.input[0] for node in graph.node if node.op_type == "Sigmoid")
    heads = [node for node in graph.node if node.output[0] in (heat, *HEADS[1:])]
    for node in graph.node:
        output = node.output[0]
        if node.op_type == "Relu":  # follows its convolution
            layers[-1] |= {"output": output, "relu": True}
        elif node.op_type == "Add":
            layers.append({"op": "add", "inputs": list(node.input), "output": output})
        elif output in filters and node not in heads:
            layers.append(_describe(node, filters[output], parameters))
        elif node.op_type not in {"Conv", "Sigmoid"}:
            raise ValueError(f"Expected CenterFace's operations, got {node.op_type}.")
    merged = _merge([filters[node.output[0]] for node in heads])
    layers.append(_describe(heads[0], merged, parameters) | {"output": "heads"})
    return layers, bytes(parameters)


def _merge(heads: list[Filter]) -> Filter:
    return Filter(
        *(
            np.concatenate([getattr(head, name) for head in heads])
            for name in ("codes", "scales", "biases")
        )
    )


def _describe(node: onnx.NodeProto, found: Filter, parameters: bytearray) -> dict[str, Any]:
    """Return a convolution's layer and append its parameters."""
    attributes = _attributes(node)
    depthwise = attributes["group"] > 1
    order = (2, 3, 0, 1) if depthwise else (2, 3, 1, 0)
    codes = found.codes.transpose(order)
    parameters += codes.tobytes() + found.scales.tobytes() + found.biases.tobytes()
    kind = "depthwise" if depthwise else "conv"
    return {
        "op": "transposed" if node.op_type == "ConvTranspose" else kind,
        "inputs": [node.input[0]],
        "output": node.output[0],
        "shape": list(codes.shape),
        "stride": attributes["strides"][0],
        "pad": attributes["pads"][0],
        "relu": False,
    }


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
