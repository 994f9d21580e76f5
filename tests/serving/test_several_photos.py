"""The results of several photos: JSON, CSV and the page."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from inference import MaskDetector, read_picture
from inference.results import COLUMNS
from serving.settings import MEGABYTE
from tests.frames import astronaut, empty, two_faces
from tests.samples import DAMAGED_HEIC, encode
from tests.serving.conftest import FORM, MakeApp, StubDetector, form_of, sentence

FILES = [
    ("two.png", encode(two_faces())),
    ("=HYPERLINK(1).jpg", DAMAGED_HEIC),
    ("empty.png", encode(empty())),
    ("one.png", encode(astronaut())),
]


def post(client: FlaskClient, path: str, files: list[tuple[str, bytes]] = FILES) -> str:
    response = client.post(path, data=form_of(files), content_type=FORM)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def expected(detector: MaskDetector) -> list[list[dict[str, Any]]]:
    """The verdicts on the three valid photos."""
    frames = (two_faces(), empty(), astronaut())
    return [[verdict.as_dict() for verdict in detector.detect(frame)] for frame in frames]


def download(page: str, kind: str) -> str:
    """The content of a download link."""
    (encoded,) = re.findall(rf'href="data:{kind};base64,([^"]+)" download=', page)
    return base64.b64decode(encoded).decode()


def test_the_api_answers_in_the_order_of_the_request(
    client: FlaskClient, photo_detector: MaskDetector
) -> None:
    photos = json.loads(post(client, "/api/predict"))["photos"]
    assert [photo["photo"] for photo in photos] == [name for name, _ in FILES]
    processed = [photo for photo in photos if "verdicts" in photo]
    assert [photo["verdicts"] for photo in processed] == expected(photo_detector)
    assert {(photo["width"], photo["height"]) for photo in processed} == {(640, 480)}
    assert photos[1] == {
        "photo": "=HYPERLINK(1).jpg",
        "error": "Expected a complete picture, got a damaged or incomplete one.",
    }


def test_the_page_shows_each_photo_or_its_error(client: FlaskClient) -> None:
    page = post(client, "/")
    assert re.findall(r"<h3>([^<]+)</h3>", page) == [name for name, _ in FILES]
    drawn = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', page)
    assert [read_picture(base64.b64decode(one)).shape for one in drawn] == [(480, 640, 3)] * 3
    assert re.findall(r'class="sentence" lang="en">([^<:]+)', page) == [
        "3 people",
        "2 people",
        "No face was found",
        "1 person, without a mask.",
    ]
    assert page.count('<th scope="row">') == 3
    assert "1 of 4 photos could not be checked." in page
    assert page.count('class="refused"') == 1


def test_the_summary_has_no_faces_where_all_photos_are_broken(client: FlaskClient) -> None:
    page = post(client, "/", [FILES[1]] * 2)
    assert re.findall(r'class="sentence" lang="en">([^<]+)', page) == [
        "2 of 2 photos could not be checked."
    ]
    assert "No face was found" not in page


def test_the_json_of_the_page_is_that_of_the_api(client: FlaskClient) -> None:
    assert json.loads(download(post(client, "/"), "application/json")) == json.loads(
        post(client, "/api/predict")
    )


def test_the_csv_has_a_row_per_face_and_no_formula(client: FlaskClient) -> None:
    text = download(post(client, "/"), "text/csv;charset=utf-8")
    assert text.startswith("\ufeff" + ",".join(COLUMNS) + "\r\n")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert [(row["photo"], row["face"]) for row in rows] == [
        ("two.png", "1"),
        ("two.png", "2"),
        ("'=HYPERLINK(1).jpg", ""),
        ("empty.png", ""),
        ("one.png", "1"),
    ]
    assert rows[2]["error"].startswith("Expected a complete picture")
    verdicts = json.loads(post(client, "/api/predict"))["photos"][0]["verdicts"]
    assert [row["label"] for row in rows[:2]] == [verdict["label"] for verdict in verdicts]
    assert float(rows[0]["right"]) == verdicts[0]["box"]["right"]


def test_one_photo_has_the_same_downloads_and_no_title(client: FlaskClient) -> None:
    page = post(client, "/", FILES[:1])
    assert len(json.loads(download(page, "application/json"))["photos"]) == 1
    assert "two.png" not in page


def test_several_large_photos_are_shown_reduced(make_app: MakeApp) -> None:
    large = encode(np.kron(empty(), np.ones((4, 4, 1), np.uint8)), "JPEG", quality=60)
    page = post(make_app().test_client(), "/", [("a.jpg", large), ("b.jpg", large)])
    drawn = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', page)
    assert [read_picture(base64.b64decode(one)).shape for one in drawn] == [(960, 1280, 3)] * 2


def test_too_many_photos_are_refused_before_any_is_processed(make_app: MakeApp) -> None:
    app = make_app(max_photos=3, detector=StubDetector(pytest.fail))
    response = app.test_client().post("/api/predict", data=form_of(FILES), content_type=FORM)
    assert response.status_code == 413
    assert sentence(response) == "Expected at most 3 photos at once, got 4."


@pytest.mark.parametrize("several", [False, True])
def test_a_photo_over_the_limit_is_reported(make_app: MakeApp, several: bool) -> None:
    app = make_app(max_photo_mb=1, max_request_mb=8)
    files = [("large.png", bytes(3 * MEGABYTE // 2)), *FILES[-1:]]
    body = form_of(files if several else files[:1])
    response = app.test_client().post("/api/predict", data=body, content_type=FORM)
    message = "Expected a photo of at most 1 MB, got 1.5 MB."
    if several:
        assert response.status_code == 200
        first, second = json.loads(response.data)["photos"]
        assert first == {"photo": "large.png", "error": message}
        assert len(second["verdicts"]) == 1
    else:
        assert response.status_code == 413
        assert sentence(response) == message


def test_the_request_has_a_limit(make_app: MakeApp) -> None:
    app = make_app(max_photo_mb=1, max_request_mb=2)
    body = form_of([("a.png", bytes(MEGABYTE)), ("b.png", bytes(MEGABYTE))])
    response = app.test_client().post("/", data=body, content_type=FORM)
    assert response.status_code == 413
    assert "at most 1 MB each and 2 MB together" in sentence(response)


def test_an_empty_photo_among_several_is_reported(client: FlaskClient) -> None:
    first, second = json.loads(post(client, "/api/predict", [("a.png", b""), FILES[3]]))["photos"]
    assert first == {"photo": "a.png", "error": "Expected a photo, got an empty file."}
    assert len(second["verdicts"]) == 1
