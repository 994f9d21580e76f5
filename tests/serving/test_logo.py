"""The operator's logo."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving import SetupError
from serving.logo import MAX_BYTES, read_logo
from tests.frames import empty
from tests.samples import encode
from tests.serving.conftest import MakeApp

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
DOCTYPE = b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg.dtd" [ <!ENTITY a "b"> ]>\n'
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def saved(folder: Path, content: bytes) -> str:
    path = folder / "logo"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_logo_is_served_with_its_type(make_app: MakeApp, tmp_path: Path, kind: str) -> None:
    content = encode(empty(), kind)
    response = make_app(logo=saved(tmp_path, content)).test_client().get("/logo")
    assert (response.data, response.mimetype) == (content, KINDS[kind])
    assert response.headers["Cache-Control"] == "no-cache"


def test_an_unchanged_logo_is_not_sent_again(make_app: MakeApp, tmp_path: Path) -> None:
    client = make_app(logo=saved(tmp_path, SVG)).test_client()
    tag = {"If-None-Match": client.get("/logo").headers["ETag"]}
    assert client.get("/logo", headers=tag).status_code == 304


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf \n", b"<!-- <html> -->\n", DOCTYPE])
def test_scripts_of_an_svg_never_run(make_app: MakeApp, tmp_path: Path, start: bytes) -> None:
    response = make_app(logo=saved(tmp_path, start + SVG)).test_client().get("/logo")
    assert response.mimetype == "image/svg+xml"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_logo_there_is_none(make_app: MakeApp) -> None:
    assert make_app().test_client().get("/logo").status_code == 404


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"GIF89a", "got another format"),
        (b"<html><svg></svg></html>", "got another format"),
        (b"<!DOCTYPE html><html><svg></svg></html>", "got another format"),
        (b"<!-- <svg> --><html><svg></svg></html>", "got another format"),
        (b"<?xml version='1.0'?><svgs/>", "got another format"),
        (b"<!--" * 99_999 + b"<svg/>", "got another format"),
        (b"", "got another format"),
        (b"\x89PNG\r\n\x1a\n" + bytes(MAX_BYTES), "got a larger file"),
    ],
)
def test_an_unusable_logo_is_reported_at_start(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    with pytest.raises(SetupError, match=f"--logo: expected a PNG, JPEG, .*{problem}"):
        read_logo(saved(tmp_path, content))


def test_a_missing_logo_is_reported_at_start(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"--logo: cannot read .*none\.png: No such file"):
        read_logo(str(tmp_path / "none.png"))
