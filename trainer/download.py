"""``python -m trainer download``: fetches photos to start with from Kaggle."""

from __future__ import annotations

import importlib
import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from trainer.errors import TrainerError

DATASET = "shiekhburhan/face-mask-dataset"
HOW_TO_GET_ACCESS = (
    "Kaggle wants a token. Make one at kaggle.com under Settings, API, Generate New Token; save it "
    "as ~/.kaggle/access_token, or set KAGGLE_API_TOKEN. Then call this again."
)


def download(out: Path, client: Any = None) -> Path:
    """Fetch and unpack the data set `DATASET` with Kaggle's own client.

    Args:
        out: the folder to unpack into.
        client: a Kaggle API client; made here when not given.

    Returns:
        The folder that holds ``with_mask`` and ``without_mask``.

    Raises:
        TrainerError: there is no token, Kaggle refuses or cannot be reached, or the archive has
            another layout.
    """
    try:
        with redirect_stdout(io.StringIO()):  # it prints a page of help where a token is missing
            client = client or _client()
            client.authenticate()
        client.dataset_download_files(DATASET, path=str(out), unzip=True, quiet=False)
    except SystemExit:
        raise TrainerError(HOW_TO_GET_ACCESS) from None
    except Exception as error:  # its errors have no common class
        raise TrainerError(f"Kaggle refused or could not be reached: {error}") from None
    for folder in sorted(out.rglob("with_mask")):
        if (folder.parent / "without_mask").is_dir():
            return folder.parent
    raise TrainerError(f"Expected folders with_mask and without_mask in {out}, they are not there.")


def _client() -> Any:
    # Imported here: the package tries to log in when it is imported.
    return importlib.import_module("kaggle.api.kaggle_api_extended").KaggleApi()
