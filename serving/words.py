"""What the server says to people."""

from __future__ import annotations

from collections import Counter

from inference import Verdict
from inference.drawing import WORDS

SENTENCES = {
    400: "Expected a request with a photo, came one that cannot be read.",
    404: "There is nothing at this address.",
    405: "This address cannot be used in this way.",
    413: "Expected one photo of at most {most_megabytes} MB, came more.",
    500: "Something went wrong on the server. Its log says what.",
    503: "Too many photos at once. Try again in a few seconds.",
}


def summary(verdicts: list[Verdict]) -> str:
    """The result in one sentence, such as "3 faces: 2 mask, 1 no mask."; twin of `texts.faces`."""
    if not verdicts:
        return (
            "No face was found: try a photo that is taken nearer, brighter or sharper, "
            "with upright faces."
        )
    counts = Counter(verdict.label for verdict in verdicts)
    if len(verdicts) == 1:
        return f"1 face: {WORDS[verdicts[0].label]}."
    told = ", ".join(f"{counts[label]} {word}" for label, word in WORDS.items() if counts[label])
    return f"{len(verdicts)} faces: {told}."
