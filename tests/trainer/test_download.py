"""Tests the download with a fake Kaggle client."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import HTTPError

from inference.contract import ROOT
from trainer.download import DATASET, HOW_TO_GET_ACCESS, download
from trainer.errors import TrainerError


class Kaggle:
    """A fake Kaggle client that unpacks files or fails."""

    def __init__(
        self, *files: str, login: BaseException | None = None, fetch: BaseException | None = None
    ) -> None:
        self.files, self.login, self.fetch = files, login, fetch
        self.requests: list[str] = []

    def authenticate(self) -> None:
        if self.login:
            print("Authentication required to call the Kaggle API.")
            raise self.login

    def dataset_download_files(self, dataset: str, path: str, unzip: bool, quiet: bool) -> None:
        self.requests.append(dataset)
        if self.fetch:
            raise self.fetch
        assert unzip
        archive = Path(path) / "archive.zip"
        archive.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(archive, "w") as packed:
            for file in self.files:
                packed.writestr(file, b"photo")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(path)
        archive.unlink()


@pytest.mark.parametrize("inside", ["", "Dataset/", "archive/face mask/"])
def test_the_folder_of_the_labels_is_returned(inside: str, tmp_path: Path) -> None:
    client = Kaggle(f"{inside}with_mask/a.jpg", f"{inside}without_mask/b.jpg", "readme.txt")
    folder = download(tmp_path / "photos", client)
    assert folder == tmp_path / "photos" / inside
    assert client.requests == [DATASET]


@pytest.mark.parametrize(
    "files", [(), ("masked/a.jpg",), ("with_mask/a.jpg",), ("x/with_mask/a.jpg", "without_mask/b")]
)
def test_an_unexpected_layout_is_refused(files: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="Expected folders with_mask and without_mask in"):
        download(tmp_path / "photos", Kaggle(*files))


def test_a_missing_token_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client = Kaggle(login=SystemExit(1))
    with pytest.raises(TrainerError, match=r"kaggle\.com under Settings, API") as caught:
        download(tmp_path, client)
    assert "\n" not in str(caught.value)
    assert client.requests == []
    assert capsys.readouterr().out == "", "the client's own help is hidden"


@pytest.mark.parametrize(
    "error",
    [
        NoConnection("Failed to resolve 'api.kaggle.com'"),
        HTTPError("403 Client Error: Forbidden"),
        ValueError("archive.zip is corrupted"),
        RuntimeError("out of luck"),
    ],
)
def test_failures_of_kaggle_are_reported(error: Exception, tmp_path: Path) -> None:
    for client in (Kaggle(login=error), Kaggle(fetch=error)):
        with pytest.raises(TrainerError, match="The download from Kaggle failed") as caught:
            download(tmp_path, client)
        assert str(error) in str(caught.value)


def test_the_real_client_without_a_token(tmp_path: Path) -> None:
    """Without a token, no request is sent."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KAGGLE")}
    done = subprocess.run(
        [sys.executable, "-m", "trainer", "download", "--out", str(tmp_path / "photos")],
        cwd=ROOT,
        env=environment | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == f"trainer: {HOW_TO_GET_ACCESS}\n"
    assert done.stdout == ""
