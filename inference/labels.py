"""The labels of faces, and the style in which each is drawn; twin of ``web/static/js/labels.js``.

``labels.json`` is the only place where labels, their English words, colors, borders and severities
are defined: Python, JavaScript and the style sheet derive theirs from it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Label:
    """One row of the table."""

    word: str
    """What English-speaking users read."""
    symbol: str
    """Where the page has no room for the word."""
    color: str
    """Of the border and behind the word; from the palette of Okabe and Ito, which color-blind
    people can distinguish."""
    text_color: str
    """Of the word on `color`."""
    border: str
    """A key of `DASHES`; ``double`` is two solid lines."""
    severity: int
    """The most severe label in view is the one that matters."""
    alert: bool
    """Whether a face that keeps this label raises an alert."""
    definite: bool
    """Whether it is a class of the model, rather than the lack of a verdict."""


_TABLE = json.loads(Path(__file__).with_name("labels.json").read_text(encoding="utf-8"))

LABELS = {name: Label(**row) for name, row in _TABLE["labels"].items()}
"""Every label, by its name."""
DASHES: dict[str, list[int]] = _TABLE["dashes"]
"""Drawn and skipped stretches of each kind of border, in line widths; empty for a solid line."""
DEFINITE_LABELS = tuple(name for name, label in LABELS.items() if label.definite)
"""The classes that a model can have."""
BY_SEVERITY = tuple(sorted(LABELS, key=lambda name: -LABELS[name].severity))
"""All labels, most severe first."""
ALERT_LABELS = tuple(name for name in BY_SEVERITY if LABELS[name].alert)
"""The labels that raise an alert, most severe first."""
WORDS = {name: label.word for name, label in LABELS.items()}
UNSURE = "unsure"
"""No class reaches the model's threshold."""
TOO_SMALL = "too_small"
"""The face has too few pixels to be classified."""
