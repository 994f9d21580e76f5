"""What many tests use."""

from __future__ import annotations

import pytest

from inference import MaskDetector
from inference.contract import Contract


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the project's model."""
    return Contract.load()


@pytest.fixture(scope="session")
def photo_detector() -> MaskDetector:
    """The detector that server, command line and streams use."""
    return MaskDetector()
