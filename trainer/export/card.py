"""The model card: what users must know about the model."""

from __future__ import annotations

from typing import Any

from inference.contract import Contract
from trainer.export.card_slices import weak_slices, write_slices

LICENCES = {
    "ashish12k": "repository MIT; its unmasked faces are CelebA, for research",
    "chandrikadeb7": "repository MIT; photos from search engines and RMFD",
    "karan_faces": "rights of the photos unclear",
    "maskedfacenet_bask": "MaskedFace-Net, CC BY-NC-SA 4.0",
    "maskedfacenet_maskon": "MaskedFace-Net, CC BY-NC-SA 4.0",
    "rmfd_part1": "RMFD, for research",
    "rmfd_part2": "RMFD, for research",
    "ankkittk_rmfd": "RMFD, for research",
    "utkface": "UTKFace, for research",
    "vyivanov": "for research",
}
WEAK_RECALL, WEAK_SOURCE = 0.9, 0.95


Report = dict[str, Any]


def write_card(contract: Contract, metrics: Report, held_out: list[Report]) -> str:
    """The card as Markdown.

    Args:
        metrics: of the model itself, as `trainer.evaluate.evaluate` writes them.
        held_out: of models trained without some sources, measured on them.
    """
    sections = [
        _head(contract),
        "## Figures\n\n" + _figures(metrics, held_out, contract.measured["calibration"]),
        "## By kind of face\n\n" + write_slices(metrics, held_out),
        "## Known weaknesses\n\n" + "\n".join(f"- {line}" for line in _weak(metrics, held_out)),
        "## Exports\n\n" + _exports(contract),
        "## Data and licences\n\n" + _data(metrics),
        "## Not for\n\nDeciding over people without a person looking; identifying anyone; medical "
        "advice. It detects whether cloth covers nose, mouth and chin, not whether a mask protects.",
    ]
    return "\n\n".join(sections) + "\n"


def _head(contract: Contract) -> str:
    training = contract.measured["training"]
    return (
        f"# Mask classifier {contract.version}\n\n"
        "A small convolutional network that classifies the crop of one face: "
        f"{', '.join(contract.labels)}.\n\n"
        f"- Input: float32, n × {contract.input_size} × {contract.input_size} × 3, RGB, 0 to 255; "
        "scaling is inside.\n"
        f"- Output: probabilities of the {len(contract.labels)} labels, softmax and temperature "
        "inside.\n"
        f"- Parameters: {training['parameters']:,}; trained in {training['seconds'] / 60:.0f} "
        "minutes.\n"
        "- Written by `python -m trainer export`; `contract.json` holds everything that a runtime "
        "needs."
    )


def _figures(metrics: Report, held_out: list[Report], calibration: Report | None) -> str:
    rows = [
        "| measured on | faces | labels right (95 % interval) | mask or not |",
        "|---|---|---|---|",
    ]
    for name in ("train", "val", "test"):
        rows.append(_row(f"{name}, random split", metrics["parts"][name]))
    for report in held_out:
        sources = ", ".join(report["data"]["held_out"]["sources"])
        where = f"**sources left out of training** ({sources}), by a model trained without them"
        rows.append(_row(where, report["parts"]["held_out"]))
    baseline = metrics["summary"]["photo_size_alone"]
    recall = _labels(metrics["parts"]["test"])
    return "\n".join(
        [
            *rows,
            "",
            recall,
            "",
            f"{metrics['summary']['overfitting']['verdict']} The photo's size alone, without looking "
            f"at the face, is right on {baseline['value']:.1%} of the test faces: a random split "
            "flatters, so trust the left-out sources.",
            *_unsure(calibration),
            "",
            "Plots: [report](report/).",
        ]
    )


def _unsure(calibration: Report | None) -> list[str]:
    if not calibration:
        return []
    right, unsure = calibration["right"], calibration["unsure"]
    absent = [label for label, count in calibration["crops"].items() if not count]
    but = f", which have no {', '.join(absent)}" if absent else ""
    return [
        "",
        f"Probabilities are calibrated with the model that left out {', '.join(calibration['sources'])}"
        f"{but}. Below a probability of {calibration['unsure_below']:.1%} the verdict is *unsure*: on "
        f"these sources for {unsure['value']:.1%} of the faces; of the others {right['value']:.1%} "
        f"({right['low']:.1%}–{right['high']:.1%}) are labelled correctly.",
    ]


def _row(name: str, part: Report) -> str:
    right, two = part["accuracy"], part["two_classes"]
    return (
        f"| {name} | {right['of']:,} | {right['value']:.1%} ({right['low']:.1%}–{right['high']:.1%}) "
        f"| {two['value']:.1%} |"
    )


def _labels(part: Report) -> str:
    rows = ["| test faces | precision | recall | F1 |", "|---|---|---|---|"]
    for label, figures in part["labels"].items():
        cells = [
            f"{figures[name]['value']:.1%} ({figures[name]['low']:.1%}–{figures[name]['high']:.1%})"
            if figures[name]["value"] is not None
            else "–"
            for name in ("precision", "recall", "f1")
        ]
        rows.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _weak(metrics: Report, held_out: list[Report]) -> list[str]:
    lines = []
    reports = [("test", "the random test split", metrics)]
    for report in held_out:
        sources = ", ".join(report["data"]["held_out"]["sources"])
        reports.append(("held_out", f"sources left out of training ({sources})", report))
    for part, where, report in reports:
        for label, figures in report["parts"][part]["labels"].items():
            recall = figures["recall"]["value"]
            if recall is not None and recall < WEAK_RECALL:
                lines.append(f"On {where} only {recall:.0%} of *{label}* are recognised.")
        for source, figures in report["sources"][part].items():
            if figures["value"] < WEAK_SOURCE:
                lines.append(
                    f"Source {source}, on {where}: mask or not is right on {figures['value']:.1%} "
                    f"of {figures['of']} faces."
                )
        lines += weak_slices(report["slices"][part], where)
    return [
        *lines,
        "Masks worn incorrectly are rare in the data, and many of them are rendered or drawn: trust "
        "*worn incorrectly* less than the other two.",
        "A scarf, a veil or a hand before nose and mouth can pass for a mask; a patterned mask, above "
        "all on dark skin, for none; a full beard or a chin strap for a mask worn incorrectly.",
        "The detector often misses faces under about 16 pixels, in profile or upside down.",
    ]


def _exports(contract: Contract) -> str:
    parity = contract.measured["parity"]
    rows = ["| file | bytes | largest difference from Keras |", "|---|---|---|"]
    for name, export in contract.exports.items():
        key = "tfjs" if name.startswith("tfjs") else name.removesuffix("_weights")
        agreed = parity.get(key)
        difference = f"{agreed['largest_difference']:.1e}" if agreed else "–"
        rows.append(f"| `{export.file}` | {export.bytes:,} | {difference} |")
    int8 = parity["tflite_int8"]["flipped"]
    return "\n".join(
        [
            *rows,
            "",
            f"Compared on {parity['faces']} real faces and the golden input; the int8 model's label "
            f"differs on {int8:.1%} of the faces.",
        ]
    )


def _data(metrics: Report) -> str:
    data = metrics["data"]
    sources = sorted({source for part in data.values() for source in part["sources"]})
    rows = [
        f"- {source}: {LICENCES.get(source, 'rights of the photos unclear')}" for source in sources
    ]
    counts = [
        f"{name}: "
        + ", ".join(f"{n:,} {label}" for label, n in part["crops"].items())
        + (f", and {part['drawn']:,} hard cases drawn on them" if part["drawn"] else "")
        for name, part in data.items()
        if part["crops"]
    ]
    return (
        "Faces, one crop each:\n\n"
        + "\n".join(f"- {count}" for count in counts)
        + "\n\nThe configuration's label corrections apply to the test split too, but not to left-out "
        "sources.\n\n"
        "No photo is part of the project. Sources of the photos:\n\n" + "\n".join(rows)
    )
