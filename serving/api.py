"""The JSON API."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from serving.openapi import describe_api
from serving.photos import process_request
from serving.services import services

api = Blueprint("api", __name__)


@api.post("/api/predict")
def predict() -> Response:
    """The verdicts on one photo or several."""
    results = [photo.result.as_dict() for photo in process_request(draw=False)]
    return jsonify(results[0] if len(results) == 1 else {"photos": results})


@api.get("/api/openapi.json")
def openapi() -> Response:
    """The OpenAPI description."""
    contract, settings = services().detector.contract, services().settings
    return jsonify(describe_api(contract, settings.max_photos))
