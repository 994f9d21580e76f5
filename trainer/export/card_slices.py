"""The model card's table of metrics by kind of face, and its list of weak kinds."""

from __future__ import annotations

from typing import Any

WEAK, MIN_FACES = 0.95, 50
"""A slice is weak below this accuracy, if it has at least `MIN_FACES`."""

Slices = dict[str, dict[str, Any]]


def write_slices(metrics: dict[str, Any], held_out: list[dict[str, Any]]) -> str:
    """Write a Markdown table of all slices, on the random split and on held-out sources.

    Args:
        metrics: ``metrics.json`` of the model.
        held_out: ``metrics.json`` of each held-out run.
    """
    columns = [metrics["slices"]["test"], *(one["slices"]["held_out"] for one in held_out)]
    names = ["random test split"]
    names += ["held out: " + ", ".join(one["data"]["held_out"]["sources"]) for one in held_out]
    rows = [
        "| mask / no mask accuracy (95 % interval), faces | " + " | ".join(names) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for heading in _keys(columns):
        parts = [column.get(heading, {}) for column in columns]
        for kind in _keys(parts):
            cells = [_cell(part.get(kind)) for part in parts]
            rows.append(f"| {heading}: {kind} | " + " | ".join(cells) + " |")
    return "\n".join(
        [
            *rows,
            "",
            "Kinds of cloth and skin are estimated from the crop (`trainer/evaluate/slices.py`), "
            "not annotated: shadow makes skin darker, and hard light makes cloth patterned.",
        ]
    )


def _keys(parts: list[dict[str, Any]]) -> list[str]:
    """Return the keys of all parts, in the order of their first appearance."""
    return list(dict.fromkeys(key for part in parts for key in part))


def _cell(figures: dict[str, Any] | None) -> str:
    if not figures or figures["value"] is None:
        return "–"
    low, high = figures["low"], figures["high"]
    return f"{figures['value']:.1%} ({low:.1%}–{high:.1%}), {figures['of']:,}"


def weak_slices(slices: Slices, where: str) -> list[str]:
    """Return a sentence per weak slice of a part."""
    return [
        f"On {where}, {heading}, {kind}: {figures['value']:.1%} mask / no mask accuracy on "
        f"{figures['of']:,} faces."
        for heading, kinds in slices.items()
        for kind, figures in kinds.items()
        if figures["of"] >= MIN_FACES and figures["value"] < WEAK
    ]
