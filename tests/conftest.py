"""What many tests use."""

from __future__ import annotations

import pytest

from inference import MaskDetector
from inference.contract import Contract


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in tests/browser, and what needs TensorFlow."""
    for item in items:
        for folder, marker in (("tests/browser/", "browser"), ("tests/trainer/", "slow")):
            if folder in item.path.as_posix():
                item.add_marker(marker)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the project's model."""
    return Contract.load()


@pytest.fixture(scope="session")
def photo_detector() -> MaskDetector:
    """The detector that server, command line and streams use."""
    return MaskDetector()
