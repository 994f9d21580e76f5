"""Maps the common names of folders and classes to labels and to parts of the data set."""

from __future__ import annotations

import re
import unicodedata

PARTS = ("train", "val", "test")
"""The parts of a data set that a training needs."""

NOT_A_FACE = "not_a_face"
"""What a folder of false detections is taken for; they are not trained on."""

EXAMPLES = "with_mask (or mask, WithMask, masked), without_mask (or no_mask, unmasked) and, \
optionally, incorrect_mask (or mask_weared_incorrect, improper)"
"""The expected names, for messages."""

_SPELLINGS = {
    "with_mask": "with mask, with, mask, masked, masks, mask on, mask worn, wearing mask, correct "
    "mask, mask correct, correctly masked, correctly worn, mask weared correct, cmfd, "
    "mit Maske, Maske, avec masque, masque",
    "without_mask": "without mask, without, no mask, non mask, not masked, unmasked, mask off, "
    "maskless, no face mask, without face mask, ohne Maske, sans masque",
    "incorrect_mask": "incorrect mask, incorrect, mask incorrect, mask weared incorrect, mask worn "
    "incorrect, mask worn incorrectly, worn incorrectly, incorrectly worn, incorrectly worn mask, "
    "incorrectly masked, with mask incorrect, with incorrect mask, wrong mask, mask wrong, wrong, "
    "worn wrongly, wrongly worn, improper, improper mask, mask improper, improperly worn, "
    "improperly masked, partial mask, partially masked, imfd, falsch getragen, mal porté",
    NOT_A_FACE: "not a face",
}
_PART_SPELLINGS = {
    "train": "train, training",
    "val": "val, valid, validation, validate, dev",
    "test": "test, testing",
}
_EDGE = "faces?|photos?|pictures?|images?|imgs?|people|persons?|data|set"
_EDGES = re.compile(rf"^(?:\d+|{_EDGE})|(?:\d+|{_EDGE})$")
"""What names have before or after: a number, or a word for the content."""


def _normal(name: str) -> str:
    """Return a name's letters and digits in lower case, without numbers and `_EDGE` around them."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    text = re.sub(r"[\W_]", "", plain)  # drops accents too
    shorter = _EDGES.sub("", text)
    while shorter != text:
        text, shorter = shorter, _EDGES.sub("", shorter)
    return text


def _table(spellings: dict[str, str]) -> dict[str, str]:
    return {
        _normal(spelling): name
        for name, listed in spellings.items()
        for spelling in listed.split(",")
    }


_LABELS = _table(_SPELLINGS)
_PARTS = _table(_PART_SPELLINGS)


def label_of(name: str) -> str | None:
    """Return the label that a folder or a class is named for, or `NOT_A_FACE`; None if unknown.

    Case, separators, numbers around and words such as *faces* or *images* are ignored.
    """
    return _LABELS.get(_normal(name))


def part_of(name: str) -> str | None:
    """Return the part of the data set that a folder is named for; None for any other name."""
    return _PARTS.get(_normal(name))
