"""Classifies faces by their masks; twin of ``web/static/js/vision/classifier.js``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inference.contract import ROOT, Contract, read_export
from inference.errors import ModelError
from inference.vision.geometry import Floats
from inference.vision.litert import LiteRtModel


class MaskClassifier:
    """The trained classifier on LiteRT. Any number of threads may use one."""

    def __init__(self, contract: Contract, project: Path = ROOT) -> None:
        """Load the model and check it against the contract's golden result.

        Args:
            project: the folder that the contract's file names start from.

        Raises:
            ModelError: the file is missing, changed or gives wrong results on this machine.
        """
        self._model = LiteRtModel(read_export(project, contract.exports["tflite_float32"]))
        self.self_test(contract)

    def self_test(self, contract: Contract) -> None:
        """Compare the output with the contract's golden output.

        Raises:
            ModelError: they differ.
        """
        expected = np.array(contract.golden_output)
        found = self.classify(contract.golden_image().astype(np.float32))
        worst = float(np.abs(found - expected).max())
        if not worst <= contract.golden.tolerance:
            raise ModelError(
                f"The model gives wrong results on this machine: expected an error of at most "
                f"{contract.golden.tolerance} on the golden input, got {worst:.4f}."
            )

    def classify(self, face: Floats) -> Floats:
        """Probabilities of the labels.

        Args:
            face: of `crop`; float32, shape (size, size, 3), RGB, 0 to 255.

        Returns:
            float32, shape (labels,); they sum to 1.

        Raises:
            ModelError: an output of the model is not finite.
        """
        return self._model.run(face[None])[0][0]
