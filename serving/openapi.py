"""The API described as OpenAPI 3.1 says."""

from __future__ import annotations

from typing import Any

from inference.contract import Contract
from inference.labels import TOO_SMALL, UNSURE
from inference.vision.geometry import Box
from serving.predictions import RETRY_AFTER_S
from serving.problems import MEDIA_TYPE

BARE = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
_REFUSALS = {
    "400": "No photo came, or the request cannot be read.",
    "413": "The photo, all of them together, or their number is too large.",
    "415": "It is neither JPEG, PNG nor WebP.",
    "422": "The picture is broken or cut off.",
    "500": "The server or its model failed.",
}


def describe_api(contract: Contract, most_photos: int) -> dict[str, Any]:
    """The whole description.

    Args:
        most_photos: in one request.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Face mask detection",
            "version": contract.version,
            "description": "Finds the faces of photos and says whether each wears a mask. Photos "
            "are judged in memory and not kept.",
        },
        "paths": {
            "/api/predict": {"post": _predict(most_photos)},
            "/healthz": {"get": _health()},
        },
        "components": {"schemas": _schemas(contract)},
    }


def _predict(most_photos: int) -> dict[str, Any]:
    photos = {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "minItems": 1,
        "maxItems": most_photos,
    }
    fields = {"type": "object", "required": ["photo"], "properties": {"photo": photos}}
    content: dict[str, Any] = {name: {} for name in BARE}
    content["multipart/form-data"] = {"schema": fields}
    answer = {"oneOf": [_ref("Seen"), _ref("SeenPhotos")]}
    return {
        "operationId": "predict",
        "summary": "Judge one photo or several",
        "description": "One photo is the body itself or the form's field `photo`; several are "
        "that field repeated, and are answered in their order, the broken ones each with a problem.",
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": _content("What is seen.", answer),
            **{code: _problem(told) for code, told in _REFUSALS.items()},
            "503": _problem("Too many requests at once, or no time left.") | _RETRY,
        },
    }


def _health() -> dict[str, Any]:
    schema = _object(status={"const": "ok"}, model={"type": "string"})
    return {
        "operationId": "health",
        "summary": "Whether the server answers, and with which model",
        "responses": {"200": _content("It does.", schema)},
    }


_RETRY = {
    "headers": {
        "Retry-After": {
            "description": "Seconds after which to try again.",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "example": RETRY_AFTER_S},
        }
    }
}


def _schemas(contract: Contract) -> dict[str, Any]:
    labels = contract.labels
    count = {"type": "integer", "minimum": 1}
    text = {"type": "string"}
    seen = _object(width=count, height=count, verdicts={"type": "array", "items": _ref("Verdict")})
    edges = {edge: {"type": "number"} for edge in Box._fields}
    share = {"type": "number", "minimum": 0, "maximum": 1}
    return {
        "Seen": seen | {"description": "Boxes are in pixels of a picture of this size."},
        "SeenPhotos": _object(
            photos={"type": "array", "items": {"oneOf": [_ref("SeenPhoto"), _ref("Refused")]}}
        ),
        "SeenPhoto": _object(name=text, **seen["properties"]),
        "Refused": _object(name=text, problem=_ref("Problem")),
        "Verdict": _object(
            label={"enum": [*labels, UNSURE, TOO_SMALL]},
            probability=share | {"description": "Of the likeliest label; 0 when too small."},
            probabilities={
                "type": "object",
                "additionalProperties": share,
                "propertyNames": {"enum": labels},
            },
            box=_object(**edges) | {"description": "In pixels; it may reach beyond the picture."},
            score=share | {"description": "The detector's confidence that this is a face."},
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


def _content(told: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": told, "content": {kind: {"schema": schema}}}


def _problem(told: str) -> dict[str, Any]:
    return _content(told, _ref("Problem"), MEDIA_TYPE)
