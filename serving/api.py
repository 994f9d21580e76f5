"""Where photos are sent: the page's form, and the API for programs."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import Forbidden, NotFound

from serving.openapi import describe_api
from serving.page import render
from serving.photos import Seen, judge_request
from serving.results import as_json, as_page

judging = Blueprint("judging", __name__)


@judging.post("/")
def upload() -> str:
    """The page with the verdicts on the photos of the form."""
    return render(result=as_page(*judge_request(draw=True)))


@judging.post("/api/predict")
def predict() -> Response:
    """Verdicts as JSON; boxes are in pixels of a picture of the answer's width and height."""
    uploads, outcomes = judge_request(draw=False)
    (first, *others) = outcomes
    if not others and isinstance(first, Seen):
        return jsonify(first.as_dict())
    return jsonify(as_json(uploads, outcomes))


@judging.get("/api/openapi.json")
def openapi() -> Response:
    """The description of the API."""
    config = current_app.config
    return jsonify(describe_api(config["DETECTOR"].contract, config["PHOTOS"]))


@judging.get("/healthz")
def healthz() -> Response:
    """Whether the server answers, and with which model."""
    return jsonify(status="ok", model=current_app.config["DETECTOR"].contract.version)


@judging.get("/metrics")
def metrics() -> Response:
    """Numbers for Prometheus, to whom `METRICS` allows."""
    who = current_app.config["METRICS"]
    if who == "off":
        raise NotFound
    if who == "local" and not _is_this_computer():
        raise Forbidden
    numbers = current_app.config["NUMBERS"]
    return Response(numbers.exposition(), content_type=numbers.content_type)


def _is_this_computer() -> bool:
    """Whether it asks by a name of its own. A proxy comes from here too, but says for whom it asks;
    so does a browser that a foreign page leads here by a name which it rebinds.
    """
    near = request.remote_addr in ("127.0.0.1", "::1", "::ffff:127.0.0.1")
    named = request.host.rsplit(":", 1)[0] in ("localhost", "127.0.0.1", "[::1]")
    passed_on = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    return near and named and not passed_on
