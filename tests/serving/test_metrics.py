"""The metrics, and the clients that can read them."""

from __future__ import annotations

import re
import sys

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from tests.frames import two_faces
from tests.samples import encode
from tests.serving.conftest import MakeApp, send


def read_metrics(app: Flask) -> dict[str, float]:
    text = app.test_client().get("/metrics").get_data(as_text=True)
    return {
        re.sub(r"[{} ']", "", f"{sample.name}{sample.labels}"): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_responses_verdicts_and_seconds_are_counted(app: Flask) -> None:
    client = app.test_client()
    send(client, "/api/predict", encode(two_faces()))
    send(client, "/api/predict", b"no picture")
    client.get("/nothing")
    metrics = read_metrics(app)
    assert metrics["mask_requests_totalmethod:POST,path:/api/predict,status:200"] == 1
    assert metrics["mask_requests_totalmethod:POST,path:/api/predict,status:415"] == 1
    assert metrics["mask_requests_totalmethod:GET,path:(none),status:404"] == 1
    verdicts = {k: v for k, v in metrics.items() if k.startswith("mask_verdicts_total")}
    assert len(verdicts) == 5
    assert sum(verdicts.values()) == 2
    assert metrics["mask_request_seconds_countpath:/api/predict"] == 2
    assert metrics["mask_request_seconds_sumpath:/api/predict"] > 0
    assert metrics["mask_busy"] == 0
    if sys.platform == "linux":
        assert metrics["process_resident_memory_bytes"] > 1e7


@pytest.mark.parametrize(
    ("access", "headers", "address", "status"),
    [
        ("local", {}, "127.0.0.1", 200),
        ("local", {}, "192.168.1.7", 403),
        ("local", {"X-Forwarded-For": "192.168.1.7"}, "127.0.0.1", 403),
        ("local", {"X-Forwarded-Host": "mask.example"}, "127.0.0.1", 403),
        ("local", {"X-Real-IP": "192.168.1.7"}, "127.0.0.1", 403),
        ("local", {"CF-Connecting-IP": "192.168.1.7"}, "127.0.0.1", 403),
        ("local", {"True-Client-IP": "192.168.1.7"}, "127.0.0.1", 403),
        ("local", {"Forwarded": "for=192.168.1.7"}, "127.0.0.1", 403),
        ("local", {"Via": "1.1 proxy"}, "127.0.0.1", 403),
        ("local", {"Host": "rebound.example"}, "127.0.0.1", 421),
        ("all", {}, "192.168.1.7", 200),
        ("off", {}, "127.0.0.1", 404),
    ],
)
def test_access_to_the_metrics(
    make_app: MakeApp, access: str, headers: dict[str, str], address: str, status: int
) -> None:
    client = make_app(metrics=access).test_client()
    response = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert response.status_code == status
    if status == 200:
        assert response.content_type.startswith("text/plain; version=0.0.4")
