"""The model card's table by kind of face, and the weak kinds in words."""

from __future__ import annotations

from typing import Any

WEAK, FEW = 0.95, 50
"""A slice is weak below this accuracy; slices of fewer faces are ignored."""

Slices = dict[str, dict[str, Any]]


def write_slices(metrics: dict[str, Any], held_out: list[dict[str, Any]]) -> str:
    """A Markdown table of every slice, of the random split and of the sources left out.

    Args:
        metrics: of the model itself, as `trainer.evaluate.evaluate` writes them.
        held_out: of models trained without some sources.
    """
    columns = [metrics["slices"]["test"], *(one["slices"]["held_out"] for one in held_out)]
    names = ["random test split"]
    names += ["left out: " + ", ".join(one["data"]["held_out"]["sources"]) for one in held_out]
    rows = [
        "| mask or not, right (95 % interval), faces | " + " | ".join(names) + " |",
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
            "Kinds of cloth and skin are estimated from the crop (`trainer/evaluate/slices.py`), not labelled by a "
            "person: shadow makes skin darker, and sharp light makes cloth patterned.",
        ]
    )


def _keys(parts: list[dict[str, Any]]) -> list[str]:
    """The keys of all, in the order of their first appearance."""
    return list(dict.fromkeys(key for part in parts for key in part))


def _cell(figures: dict[str, Any] | None) -> str:
    if not figures or figures["value"] is None:
        return "–"
    low, high = figures["low"], figures["high"]
    return f"{figures['value']:.1%} ({low:.1%}–{high:.1%}), {figures['of']:,}"


def weak_slices(slices: Slices, where: str) -> list[str]:
    """A sentence for each weak slice of a part."""
    return [
        f"On {where}, {heading}, {kind}: mask or not is right on {figures['value']:.1%} of "
        f"{figures['of']:,} faces."
        for heading, kinds in slices.items()
        for kind, figures in kinds.items()
        if figures["of"] >= FEW and figures["value"] < WEAK
    ]
