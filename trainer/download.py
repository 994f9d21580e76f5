"""``python -m trainer download``: downloads a data set of photos from Kaggle."""

from __future__ import annotations

import importlib
import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from trainer.errors import TrainerError

DATASET = "shiekhburhan/face-mask-dataset"
HOW_TO_GET_ACCESS = (
    "Kaggle requires a token. Create one at kaggle.com under Settings, API, Generate New Token, "
    "and save it as ~/.kaggle/access_token or set KAGGLE_API_TOKEN. Then run this command again."
)


def download(out: Path, client: Any = None) -> Path:
    """Download and unpack `DATASET` with Kaggle's client.

    Args:
        out: the folder to unpack into.
        client: a Kaggle API client; by default a new one.

    Returns:
        The folder that holds ``with_mask`` and ``without_mask``.

    Raises:
        TrainerError: there is no token, the download fails, or the archive has an unexpected
            layout.
    """
    try:
        with redirect_stdout(io.StringIO()):  # hides the help that it prints without a token
            client = client or _client()
            client.authenticate()
        client.dataset_download_files(DATASET, path=str(out), unzip=True, quiet=False)
    except SystemExit:
        raise TrainerError(HOW_TO_GET_ACCESS) from None
    except Exception as error:  # the client's errors have no common class
        raise TrainerError(f"The download from Kaggle failed: {error}") from None
    for folder in sorted(out.rglob("with_mask")):
        if (folder.parent / "without_mask").is_dir():
            return folder.parent
    raise TrainerError(f"Expected folders with_mask and without_mask in {out}, got others.")


def _client() -> Any:
    # Imported here: importing the package tries to log in.
    return importlib.import_module("kaggle.api.kaggle_api_extended").KaggleApi()
