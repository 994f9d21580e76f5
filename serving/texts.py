"""The sentences that users and operators read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from inference import Verdict

SENTENCES = {
    400: "Expected a request with a photo, got one that cannot be read.",
    403: "Only this computer can read this; --metrics all opens it to all clients.",
    404: "There is nothing at this address.",
    405: "This address does not support this method.",
    413: "Expected photos of at most {max_photo_mb} MB each and {max_request_mb} MB together, in "
    "a form of at most 1,000 parts; got more.",
    500: "Something went wrong on the server; see its log.",
}
"""By HTTP status."""

PHRASES = {
    "with_mask": "wearing a mask",
    "without_mask": "without a mask",
    "incorrect_mask": "with a mask worn incorrectly",
    "unsure": "with an unsure result",
    "too_small": "with a face that is too small",
}
"""On a person, by label."""


def summary(verdicts: Sequence[Verdict]) -> str:
    """The result in one sentence, such as "2 people, both without a mask."

    Twin of `summaryFormat` in ``web/static/js/texts/common.js``.
    """
    if not verdicts:
        return "No face was found: try a closer, brighter or sharper photo with upright faces."
    counts = Counter(verdict.label for verdict in verdicts)
    first, total = PHRASES[verdicts[0].label], len(verdicts)
    if total == 1:
        return f"1 person, {first}."
    if len(counts) == 1:
        return f"{total} people, {'both' if total == 2 else 'all'} {first}."
    parts = [f"{counts[label]} {phrase}" for label, phrase in PHRASES.items() if counts[label]]
    return f"{total} people: {', '.join(parts)}."


def greeting(scheme: str, host: str, port: int, addresses: Sequence[str]) -> str:
    """The addresses of the page, printed at start.

    Args:
        scheme: "http" or "https".
        host: the name or address for a browser on this computer.
        addresses: for other devices of the network; empty where they cannot connect.
    """
    lines = [f"Face mask detection: {_url(scheme, host, port)}  (Ctrl-C stops it)"]
    lines += [f"On other devices of this network: {_url(scheme, one, port)}" for one in addresses]
    if addresses and scheme == "https":
        lines.append(
            "The certificate is self-signed, so browsers warn: "
            "choose “Advanced”, then continue to the page."
        )
    elif addresses:
        lines.append(
            "Other devices can check photos only, since browsers open cameras only over https. "
            "Start with --https for that."
        )
    return "\n".join(lines)


def _url(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
