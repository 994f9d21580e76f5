"""What the server says to people."""

from __future__ import annotations

from collections import Counter

from inference import Verdict
from inference.labels import WORDS

SENTENCES = {
    400: "Expected a request with a photo, got one that cannot be read.",
    403: "Only this computer may read this: --metrics all opens it to all.",
    404: "There is nothing at this address.",
    405: "This address cannot be used in this way.",
    413: "Expected photos of at most {photo} MB each and {together} MB together, got more.",
    500: "Something went wrong on the server. Its log says what.",
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


def greeting(scheme: str, host: str, port: int, others: list[str]) -> str:
    """Where the page is, and how other devices of the network get to it.

    Args:
        scheme: "http" or "https".
        host: this computer's name or address, as its own browser knows it.
        others: its addresses in the network; none if it does not listen there.
    """
    lines = [f"Face mask detection: {_address(scheme, host, port)}  (Ctrl-C stops it)"]
    lines += [f"On other devices of this network: {_address(scheme, one, port)}" for one in others]
    if others and scheme == "https":
        lines.append(
            "The certificate is made by this computer, so browsers warn of it: "
            "choose “Advanced”, then go on to the page."
        )
    elif others:
        lines.append(
            "There the page checks photos only: browsers open the camera over https alone. "
            "Start with --https for that."
        )
    return "\n".join(lines)


def _address(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
