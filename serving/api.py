"""The JSON API."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from serving.openapi import describe_api
from serving.photos import process_request
from serving.results import as_json
from serving.services import services

api = Blueprint("api", __name__)


@api.post("/api/predict")
def predict() -> Response:
    """The verdicts on one photo or several."""
    results = [photo.result for photo in process_request(draw=False)]
    return jsonify(results[0].as_dict() if len(results) == 1 else as_json(results))


@api.get("/api/openapi.json")
def openapi() -> Response:
    """The OpenAPI description."""
    contract, settings = services().detector.contract, services().settings
    return jsonify(describe_api(contract, settings.max_photos))
