"""Several photos in one request: each judged, a broken one told, and all of it to be saved."""

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
from serving.settings import MEGABYTE
from tests.frames import astronaut, empty, two_faces
from tests.samples import HEIC, encode
from tests.serving.conftest import FORM, Make, StubDetector, form_of, sentence

FILES = [
    ("two.png", encode(two_faces())),
    ("=HYPERLINK(1).jpg", HEIC),
    ("empty.png", encode(empty())),
    ("one.png", encode(astronaut())),
]


def post(client: FlaskClient, path: str, files: list[tuple[str, bytes]] = FILES) -> str:
    response = client.post(path, data=form_of(files), content_type=FORM)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def expected(detector: MaskDetector) -> list[list[dict[str, Any]]]:
    """The verdicts on the three that are pictures."""
    frames = (two_faces(), empty(), astronaut())
    return [[verdict.as_dict() for verdict in detector.detect(frame)] for frame in frames]


def saved(page: str, kind: str) -> str:
    """The file behind a link of the page."""
    (found,) = re.findall(rf'href="data:{kind};base64,([^"]+)" download=', page)
    return base64.b64decode(found).decode()


def test_the_api_answers_each_in_its_order(
    client: FlaskClient, photo_detector: MaskDetector
) -> None:
    photos = json.loads(post(client, "/api/predict"))["photos"]
    assert [photo["name"] for photo in photos] == [name for name, _ in FILES]
    judged = [photo for photo in photos if "verdicts" in photo]
    assert [photo["verdicts"] for photo in judged] == expected(photo_detector)
    assert {(photo["width"], photo["height"]) for photo in judged} == {(640, 480)}
    assert photos[1]["problem"] == {
        "type": "about:blank",
        "title": "Unsupported Media Type",
        "status": 415,
        "detail": "Expected a JPEG, PNG or WebP picture, got HEIC, which needs a decoder that is "
        "not installed: save it as JPEG first.",
    }


def test_the_page_shows_each_and_tells_the_broken_one(client: FlaskClient) -> None:
    page = post(client, "/")
    assert re.findall(r"<h3>([^<]+)</h3>", page) == [name for name, _ in FILES]
    drawn = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', page)
    assert [read_picture(base64.b64decode(one)).shape for one in drawn] == [(480, 640, 3)] * 3
    assert re.findall(r'class="sentence" lang="en">([^<:]+)', page) == [
        "3 faces",
        "2 faces",
        "No face was found",
        "1 face",
    ]
    assert page.count('<th scope="row">') == 3
    assert "1 of 4 photos could not be judged." in page
    assert page.count('class="refused"') == 1


def test_where_none_can_be_judged_nothing_is_said_of_faces(client: FlaskClient) -> None:
    page = post(client, "/", [FILES[1]] * 2)
    assert re.findall(r'class="sentence" lang="en">([^<]+)', page) == [
        "2 of 2 photos could not be judged."
    ]
    assert "No face was found" not in page


def test_the_page_offers_what_the_api_says(client: FlaskClient) -> None:
    assert json.loads(saved(post(client, "/"), "application/json")) == json.loads(
        post(client, "/api/predict")
    )


def test_the_table_to_save_has_a_line_a_face_and_no_formula(client: FlaskClient) -> None:
    text = saved(post(client, "/"), "text/csv;charset=utf-8")
    assert text.startswith("\ufeffphoto,")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert [(row["photo"], row["face"]) for row in rows] == [
        ("1", "1"),
        ("1", "2"),
        ("2", ""),
        ("3", ""),
        ("4", "1"),
    ]
    assert rows[2]["file"] == "'=HYPERLINK(1).jpg"
    assert rows[2]["problem"].startswith("Expected a JPEG")
    verdicts = json.loads(post(client, "/api/predict"))["photos"][0]["verdicts"]
    assert [row["label"] for row in rows[:2]] == [verdict["label"] for verdict in verdicts]
    assert float(rows[0]["right"]) == verdicts[0]["box"]["right"]


def test_one_photo_has_the_same_links_and_no_name(client: FlaskClient) -> None:
    page = post(client, "/", FILES[:1])
    assert len(json.loads(saved(page, "application/json"))["photos"]) == 1
    assert "two.png" not in page


def test_large_photos_are_shown_reduced_where_there_are_several(make_app: Make) -> None:
    large = encode(np.kron(empty(), np.ones((4, 4, 1), np.uint8)), "JPEG", quality=60)
    page = post(make_app().test_client(), "/", [("a.jpg", large), ("b.jpg", large)])
    drawn = re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', page)
    assert [read_picture(base64.b64decode(one)).shape for one in drawn] == [(960, 1280, 3)] * 2


def test_too_many_are_refused_before_any_is_judged(make_app: Make) -> None:
    app = make_app(PHOTOS=3, DETECTOR=StubDetector(pytest.fail))
    response = app.test_client().post("/api/predict", data=form_of(FILES), content_type=FORM)
    assert response.status_code == 413
    assert sentence(response) == "Expected at most 3 photos at once, got 4."


@pytest.mark.parametrize("several", [False, True])
def test_a_photo_over_its_limit_is_told_and_the_rest_judged(make_app: Make, several: bool) -> None:
    app = make_app(PHOTO_BYTES=MEGABYTE, MAX_CONTENT_LENGTH=8 * MEGABYTE)
    files = [("large.png", bytes(3 * MEGABYTE // 2)), *FILES[-1:]]
    body = form_of(files if several else files[:1])
    response = app.test_client().post("/api/predict", data=body, content_type=FORM)
    told = "Expected a photo of at most 1 MB, got 1.5 MB."
    if several:
        assert response.status_code == 200
        first, second = json.loads(response.data)["photos"]
        assert first["problem"]["detail"] == told
        assert len(second["verdicts"]) == 1
    else:
        assert response.status_code == 413
        assert sentence(response) == told


def test_all_together_have_a_limit(make_app: Make) -> None:
    app = make_app(PHOTO_BYTES=MEGABYTE, MAX_CONTENT_LENGTH=2 * MEGABYTE)
    body = form_of([("a.png", bytes(MEGABYTE)), ("b.png", bytes(MEGABYTE))])
    response = app.test_client().post("/", data=body, content_type=FORM)
    assert response.status_code == 413
    assert "at most 1 MB each and 2 MB together" in sentence(response)


def test_an_empty_one_among_several_is_told(client: FlaskClient) -> None:
    first, second = json.loads(post(client, "/api/predict", [("a.png", b""), FILES[3]]))["photos"]
    assert first["problem"]["status"] == 400
    assert "empty file" in first["problem"]["detail"]
    assert len(second["verdicts"]) == 1
