"""The model card: metrics, known weaknesses, files and data of the model."""

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
"""Recall of a label and binary accuracy of a source below which they are listed as weak."""

Report = dict[str, Any]


def write_card(contract: Contract, metrics: Report, held_out: list[Report]) -> str:
    """Write the card as Markdown.

    Args:
        metrics: ``metrics.json`` of the model.
        held_out: ``metrics.json`` of each held-out run.
    """
    sections = [
        _head(contract),
        "## Metrics\n\n" + _figures(metrics, held_out, contract.measured["calibration"]),
        "## By kind of face\n\n" + write_slices(metrics, held_out),
        "## Known weaknesses\n\n" + "\n".join(f"- {line}" for line in _weak(metrics, held_out)),
        "## Exports\n\n" + _exports(contract),
        "## Data and licences\n\n" + _data(metrics),
        "## Out of scope\n\nDecisions about people without human review; identification; medical "
        "advice. The model detects whether cloth covers nose, mouth and chin, not whether a mask "
        "protects.",
    ]
    return "\n\n".join(sections) + "\n"


def _head(contract: Contract) -> str:
    training = contract.measured["training"]
    base = training.get("base_model")
    origin = f"- Fine-tuned from {base}; its card has the data that it was trained on.\n"
    return (
        f"# Mask classifier {contract.version}\n\n"
        "A small convolutional network that classifies the crop of one face: "
        f"{', '.join(contract.labels)}.\n\n"
        f"- Input: float32, n × {contract.input_size} × {contract.input_size} × 3, RGB, 0 to 255; "
        "the model scales it.\n"
        f"- Output: probabilities of the {len(contract.labels)} labels, after "
        "softmax and temperature scaling.\n"
        f"- Parameters: {training['parameters']:,}; trained in {training['seconds'] / 60:.0f} "
        "minutes.\n"
        f"{origin if base else ''}"
        "- Written by `python -m trainer export`; `contract.json` has all parameters of the "
        "runtimes."
    )


def _figures(metrics: Report, held_out: list[Report], calibration: Report | None) -> str:
    rows = [
        "| data | faces | accuracy (95 % interval) | mask / no mask |",
        "|---|---|---|---|",
    ]
    for name in ("train", "val", "test"):
        rows.append(_row(f"{name}, random split", metrics["parts"][name]))
    for report in held_out:
        sources = ", ".join(report["data"]["held_out"]["sources"])
        where = f"**held-out sources** ({sources}), by a model trained without them"
        rows.append(_row(where, report["parts"]["held_out"]))
    baseline = metrics["summary"]["photo_size_alone"]
    recall = _labels(metrics["parts"]["test"])
    return "\n".join(
        [
            *rows,
            "",
            recall,
            "",
            f"{metrics['summary']['overfitting']['verdict']} A baseline "
            f"from the photo's size alone reaches {baseline['value']:.1%} on the test faces: a "
            "random split is optimistic, so rely on the held-out sources.",
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
    but = f"; without {', '.join(absent)}" if absent else ""
    return [
        "",
        f"Probabilities are calibrated on held-out sources ({', '.join(calibration['sources'])}"
        f"{but}). Below a probability of {calibration['unsure_below']:.1%} the verdict is "
        f"*unsure*: on these sources for {unsure['value']:.1%} of the faces; of the others "
        f"{right['value']:.1%} ({right['low']:.1%}–{right['high']:.1%}) are classified correctly.",
    ]


def _row(name: str, part: Report) -> str:
    accuracy, binary = part["accuracy"], part["two_classes"]
    return (
        f"| {name} | {accuracy['of']:,} | {accuracy['value']:.1%} "
        f"({accuracy['low']:.1%}–{accuracy['high']:.1%}) | {binary['value']:.1%} |"
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
        reports.append(("held_out", f"held-out sources ({sources})", report))
    for part, where, report in reports:
        for label, figures in report["parts"][part]["labels"].items():
            recall = figures["recall"]["value"]
            if recall is not None and recall < WEAK_RECALL:
                lines.append(f"On {where}, the recall of *{label}* is only {recall:.0%}.")
        for source, figures in report["sources"][part].items():
            if figures["value"] < WEAK_SOURCE:
                lines.append(
                    f"On {where}, source {source}: {figures['value']:.1%} mask / no mask accuracy "
                    f"on {figures['of']} faces."
                )
        lines += weak_slices(report["slices"][part], where)
    return [
        *lines,
        "Masks worn incorrectly are rare in the data, and many of them are rendered or drawn: "
        "*worn incorrectly* is less reliable than the other two labels.",
        "Frequent confusions: a scarf, veil or hand before nose and mouth with a mask; a patterned "
        "mask, especially on dark skin, with no mask; a full beard or a chin strap with a mask "
        "worn incorrectly.",
        "The detector often misses faces under about 16 pixels, in profile or upside down.",
    ]


def _exports(contract: Contract) -> str:
    parity = contract.measured["parity"]
    rows = ["| file | bytes | largest difference from Keras |", "|---|---|---|"]
    for name, export in contract.exports.items():
        key = "tfjs" if name.startswith("tfjs") else name.removesuffix("_weights")
        compared = parity.get(key)
        difference = f"{compared['largest_difference']:.1e}" if compared else "–"
        rows.append(f"| `{export.file}` | {export.bytes:,} | {difference} |")
    int8 = parity["tflite_int8"]["flipped"]
    return "\n".join(
        [
            *rows,
            "",
            f"Compared on {parity['faces']} real faces and the golden input. The int8 model's "
            f"label differs from Keras on {int8:.1%} of the faces.",
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
        + (f", and {part['drawn']:,} synthetic hard cases" if part["drawn"] else "")
        for name, part in data.items()
        if part["crops"]
    ]
    return (
        "Faces, one crop each:\n\n"
        + "\n".join(f"- {count}" for count in counts)
        + "\n\nLabel corrections apply to the test split too, but not to held-out sources.\n\n"
        "The project includes no photos. Their sources:\n\n" + "\n".join(rows)
    )
