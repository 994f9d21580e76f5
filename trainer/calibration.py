"""Temperature scaling and the rejection threshold."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from inference.vision.geometry import Floats
from trainer.evaluate.metrics import Targets, proportion

TARGET_ACCURACY = 0.99
"""Target accuracy of definite verdicts on held-out sources."""
MAX_UNSURE_RATE = 0.06
"""Maximum proportion of unsure faces; it takes precedence over `TARGET_ACCURACY`."""
_PRIOR = 0.5
"""Standard deviation of the prior on the temperature's logarithm."""
_STEPS = np.arange(0.5, 0.996, 0.005)


def fit_temperature(probabilities: Floats, targets: Targets) -> float:
    """Fit the temperature that calibrates the probabilities of held-out faces.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2, with a prior around 1:
    without it, a few faces that are all correct would drive the logits to infinity.

    Args:
        probabilities: shape (n, classes).
        targets: shape (n,), the true classes.
    """

    def loss(log_temperature: float) -> float:
        rescaled = rescale(probabilities, np.exp(log_temperature))
        likelihood = np.mean(np.log(rescaled[np.arange(len(targets)), targets]))
        prior = (log_temperature / _PRIOR) ** 2 / 2 / len(targets)
        return float(prior - likelihood)

    best = minimize_scalar(loss, bounds=(np.log(0.2), np.log(5)), method="bounded")
    return float(np.exp(best.x))


def rescale(probabilities: Floats, temperature: float) -> Floats:
    """Return the probabilities after dividing the logits by `temperature`; none is zero."""
    logits = np.log(np.clip(probabilities.astype(np.float64), 1e-12, 1)) / temperature
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


def apply_temperature(model: keras.Model, temperature: float) -> None:
    """Build the temperature into the model's last layer: divide its weights by it."""
    last = model.get_layer("probabilities")
    last.set_weights([weight / temperature for weight in last.get_weights()])


def calibrate(probabilities: Floats, targets: Targets) -> dict[str, Any]:
    """Choose the temperature and the threshold below which a face is unsure.

    The threshold is the lowest at which definite verdicts reach `TARGET_ACCURACY`, or that at which
    `MAX_UNSURE_RATE` of the faces are unsure, whichever is lower: wrong labels
    among the targets can put the first out of reach.

    Args:
        probabilities: of faces from held-out sources, shape (n, classes).
        targets: shape (n,), the true classes.

    Returns:
        ``temperature``; ``unsure_below``, the threshold for rescaled probabilities; ``unsure``, the
        proportion of faces below it; ``right``, the proportion of the others with the correct
        label; ``reached``, whether that is `TARGET_ACCURACY`.
    """
    temperature = fit_temperature(probabilities, targets)
    rescaled = rescale(probabilities, temperature)
    certainty, correct = rescaled.max(axis=1), rescaled.argmax(axis=1) == targets
    target_threshold = _lowest_threshold(certainty, correct)
    threshold = min(target_threshold, float(np.quantile(certainty, MAX_UNSURE_RATE)))
    definite = certainty >= threshold
    return {
        "temperature": round(temperature, 4),
        "unsure_below": round(threshold, 4),
        "unsure": proportion(int((~definite).sum()), len(targets)),
        "right": proportion(int(correct[definite].sum()), int(definite.sum())),
        "reached": target_threshold <= threshold,
    }


def _lowest_threshold(certainty: Floats, correct: NDArray[np.bool_]) -> float:
    """Return the lowest threshold from which on all reach `TARGET_ACCURACY`; 1 if none does."""
    lowest = 1.0
    for step in _STEPS[::-1]:
        definite = certainty >= step
        if definite.any() and correct[definite].mean() < TARGET_ACCURACY:
            break
        lowest = float(step)
    return lowest
