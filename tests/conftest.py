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
    """As the server uses it."""
    return MaskDetector("centerface")


@pytest.fixture(scope="session")
def page_detector() -> MaskDetector:
    """As the page uses it on photos."""
    return MaskDetector("browser")


@pytest.fixture(scope="session")
def stream_detector() -> MaskDetector:
    """As the streams use it."""
    return MaskDetector("blazeface")
