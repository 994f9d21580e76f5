"""The OpenAPI description and the problem details, and a fuzzer that checks both."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from inference.contract import ROOT
from serving.photos import FIELDS
from tests.frames import empty, two_faces
from tests.running import COMMAND, start, stop
from tests.samples import REFUSED, encode
from tests.serving.conftest import FORM, form_of, send

pytestmark = pytest.mark.slow


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/openapi.json").get_json()
    return document


def assert_conforms(description: dict[str, Any], name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
    OAS31Validator(schema).validate(value)


def test_the_description_is_valid(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(description).validate()


def test_every_field_for_photos_is_described(description: dict[str, Any]) -> None:
    content = description["paths"]["/api/predict"]["post"]["requestBody"]["content"]
    assert set(content["multipart/form-data"]["schema"]["properties"]) == set(FIELDS)


def test_answers_conform_to_the_description(
    client: FlaskClient, description: dict[str, Any]
) -> None:
    good, broken = encode(two_faces()), b"Dear Sir or Madam"
    assert_conforms(description, "ProcessedPhoto", send(client, "/api/predict", good).json)
    assert_conforms(
        description, "ProcessedPhoto", send(client, "/api/predict", encode(empty())).json
    )
    files = form_of([("a.png", good), ("b.txt", broken)])
    answer = client.post("/api/predict", data=files, content_type=FORM).json
    assert_conforms(description, "PhotoBatch", answer)


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_are_problem_details(
    client: FlaskClient, description: dict[str, Any], name: str
) -> None:
    content, status, words = REFUSED[name]
    response = send(client, "/api/predict", content)
    assert response.content_type == "application/problem+json"
    problem = response.get_json()
    assert_conforms(description, "Problem", problem)
    assert problem["status"] == response.status_code == status
    assert words in problem["detail"]
    assert str(status) in description["paths"]["/api/predict"]["post"]["responses"]


def test_other_routes_for_programs_answer_with_problem_details(client: FlaskClient) -> None:
    for path, method in (("/api/nothing", "GET"), ("/healthz", "POST"), ("/metrics", "PUT")):
        response = client.open(path, method=method)
        assert response.content_type == "application/problem+json"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    process, port = start((*COMMAND, "--max-photos", "4"))
    yield port
    log = stop(process)
    assert '"status": 500' not in log
    assert '"trace"' not in log


def test_a_fuzzer_finds_no_deviation_from_the_description(port: int) -> None:
    """Two checks are excluded: bytes that the description allows may be no picture (415, 422)."""
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "run",
        f"http://127.0.0.1:{port}/api/openapi.json",
        "--seed=7",
        "--max-examples=25",
        "--request-timeout=60",
        "--workers=1",
        "--phases=examples,coverage,fuzzing",
        "--no-color",
        "--generation-database=none",
        "--suppress-health-check=all",
        "--exclude-checks=positive_data_acceptance,negative_data_rejection",
    ]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.serving.fuzz"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 / 2" in done.stdout.replace("2/2", "2 / 2"), done.stdout
