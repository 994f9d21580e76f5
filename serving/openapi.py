"""The API as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from inference.contract import Contract
from inference.labels import TOO_SMALL, UNSURE
from inference.vision.geometry import Box
from inference.vision.pictures import FORMAT_WORDS
from serving.photos import FIELDS
from serving.predictions import RETRY_AFTER_S
from serving.problems import MEDIA_TYPE

PHOTO_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "image/avif",
    "image/gif",
    "application/octet-stream",
)
"""Content types of a request whose body is the photo."""
_REFUSALS = {
    "400": "There is no photo, or the request is malformed.",
    "403": "A page of another site sent the request.",
    "421": "The request is for a host name that is not this computer's.",
    "413": "A photo, the request or the number of photos is too large.",
    "415": f"The photo is not a {FORMAT_WORDS} picture.",
    "422": "The photo is damaged or incomplete.",
    "500": "The server or its model failed.",
}
_RETRY_AFTER = {
    "description": "Seconds after which to try again.",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "example": RETRY_AFTER_S},
}


def describe_api(contract: Contract, max_photos: int) -> dict[str, Any]:
    """The OpenAPI document of a server with this model and this limit of photos per request."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Face mask detection",
            "version": contract.version,
            "description": "Detects the faces on photos and classifies whether each wears a mask. "
            "Photos are processed in memory and not kept.",
        },
        "paths": {
            "/api/predict": {"post": _predict(max_photos)},
            "/healthz": {"get": _health()},
        },
        "components": {"schemas": _schemas(contract)},
    }


def _predict(max_photos: int) -> dict[str, Any]:
    photos = {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "minItems": 1,
        "maxItems": max_photos,
    }
    fields = {
        "type": "object",
        "properties": dict.fromkeys(FIELDS, photos),
        "anyOf": [{"required": [name]} for name in FIELDS],
    }
    content: dict[str, Any] = {name: {} for name in PHOTO_TYPES}
    content["multipart/form-data"] = {"schema": fields}
    answer = {"oneOf": [_ref("ProcessedPhoto"), _ref("PhotoBatch")]}
    return {
        "operationId": "predict",
        "summary": "Detect and classify the faces on one photo or several",
        "description": "One photo is the request's body or the form's field `photo` (or `file` or "
        "`image`). Several photos are that field repeated; the answer has their results in the same "
        "order, with an error for each photo that cannot be processed.",
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": _content("The faces of each photo.", answer),
            **{code: _problem(description) for code, description in _REFUSALS.items()},
            "503": _problem("The server is busy, or the request took too long.")
            | {"headers": {"Retry-After": _RETRY_AFTER}},
        },
    }


def _health() -> dict[str, Any]:
    schema = _object(status={"const": "ok"}, model={"type": "string"})
    return {
        "operationId": "health",
        "summary": "Whether photos can be processed, and the version of the classifier",
        "responses": {
            "200": _content("They can.", schema),
            "503": _problem("They cannot."),
        },
    }


def _schemas(contract: Contract) -> dict[str, Any]:
    labels = contract.labels
    count = {"type": "integer", "minimum": 1}
    text = {"type": "string"}
    edges = {edge: {"type": "number"} for edge in Box._fields}
    fraction = {"type": "number", "minimum": 0, "maximum": 1}
    verdicts = {"type": "array", "items": _ref("Verdict")}
    results = {"type": "array", "items": {"oneOf": [_ref("ProcessedPhoto"), _ref("FailedPhoto")]}}
    name = text | {"description": "The file name in the form; empty for a photo sent as the body."}
    return {
        "ProcessedPhoto": _object(photo=name, width=count, height=count, verdicts=verdicts)
        | {"description": "Boxes are in pixels of this size; large photos are reduced."},
        "FailedPhoto": _object(photo=name, error=text | {"description": "One sentence."}),
        "PhotoBatch": _object(photos=results),
        "Verdict": _object(
            label={"enum": [*labels, UNSURE, TOO_SMALL]},
            probability=fraction | {"description": "Of the top class; 0 when too small."},
            probabilities={
                "type": "object",
                "additionalProperties": fraction,
                "propertyNames": {"enum": labels},
            },
            box=_object(**edges) | {"description": "In pixels; it may reach beyond the picture."},
            score=fraction | {"description": "The detector's confidence that this is a face."},
        ),
        "Problem": _object(type=text, title=text, status=count, detail=text)
        | {"description": "RFC 9457; `detail` is one sentence."},
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(
    description: str, schema: dict[str, Any], media_type: str = "application/json"
) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _problem(description: str) -> dict[str, Any]:
    return _content(description, _ref("Problem"), MEDIA_TYPE)
