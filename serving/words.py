"""What the server says to people."""

from __future__ import annotations

from collections import Counter

from inference import Verdict

SENTENCES = {
    400: "Expected a request with a photo, came one that cannot be read.",
    404: "There is nothing at this address.",
    405: "This address cannot be used in this way.",
    413: "Expected a photo of at most {most_megabytes} MB, came a larger one.",
    500: "Something went wrong on the server. Its log says what.",
    503: "Too many photos at once. Try again in a few seconds.",
}
COUNTED = {
    "with_mask": "with a mask",
    "without_mask": "without a mask",
    "incorrect_mask": "with a mask worn wrongly",
    "unsure": "unsure",
    "too_small": "too small to judge",
}


def summary(verdicts: list[Verdict]) -> str:
    """The result in one sentence, such as "3 faces: 2 with a mask, 1 without."."""
    if not verdicts:
        return (
            "No face was found: try a photo that is taken nearer, brighter or sharper, "
            "with upright faces."
        )
    counts = Counter(verdict.label for verdict in verdicts)
    if len(verdicts) == 1:
        return f"1 face: {COUNTED[verdicts[0].label]}."
    words = COUNTED | ({"without_mask": "without"} if counts["with_mask"] else {})
    told = ", ".join(f"{counts[label]} {text}" for label, text in words.items() if counts[label])
    return f"{len(verdicts)} faces: {told}."
