"""Maps the common names of folders and classes to labels and to parts of the data set."""

from __future__ import annotations

import re
import unicodedata

PARTS = ("train", "val", "test")
"""The parts of a data set that a training needs."""

MAIN_LABELS = ("with_mask", "without_mask")
"""The labels that every training needs."""

NOT_A_FACE = "not_a_face"
"""What a folder of false detections is taken for; they are not trained on."""

EXAMPLES = "with_mask (or mask, WithMask, masked), without_mask (or no_mask, unmasked) and, \
optionally, incorrect_mask (or mask_weared_incorrect, improper)"
"""The expected names, for messages."""

_SPELLINGS = {
    "with_mask": "with mask, with, mask, masked, masks, facemask, facemasks, mask on, "
    "mask worn, wearing mask, correct mask, mask correct, correctly masked, correctly worn, "
    "mask weared correct, cmfd, mit Maske, Maske, avec masque, masque",
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
    "train": "train, training, trainset, trainingset",
    "val": "val, valid, validation, validate, dev, valset, validationset",
    "test": "test, testing, testset",
}
_CONTENTS = frozenset({"data", "dataset", "datasets", "set"})
_EDGES = _CONTENTS | frozenset(
    {"face", "faces", "photo", "photos", "picture", "pictures", "image", "images", "img", "imgs"}
    | {"people", "person", "persons"}
)
"""Words for the content that names have before or after; so are numbers."""
_WORD = re.compile(r"\d+|[^\W\d_]+")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TOPICS = frozenset({"mask", "masks", "facemask", "facemasks", "maske", "masque"})
"""Names that are labels of folders, and topics of data sets: "Face Mask Dataset"."""


def _words(name: str) -> list[str]:
    """Return a name's words and numbers, in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", _CAMEL_CASE.sub(" ", name))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _WORD.findall(plain.casefold())


def _normal(name: str) -> str:
    """Return a name's words joined, without numbers and `_EDGES` around them."""
    words = _words(name)
    inner = [i for i, word in enumerate(words) if not (word.isdecimal() or word in _EDGES)]
    return "".join(words[inner[0] : inner[-1] + 1]) if inner else ""


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

    Case, separators, numbers around and words such as *faces* or *images* are ignored. A data set
    about masks, such as *Face Mask Dataset*, is no label.
    """
    normal = _normal(name)
    if normal in _TOPICS and not _CONTENTS.isdisjoint(_words(name)):
        return None
    return _LABELS.get(normal)


def part_of(name: str) -> str | None:
    """Return the part of the data set that a folder is named for; None for any other name."""
    return _PARTS.get(_normal(name))
