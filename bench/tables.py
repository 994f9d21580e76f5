"""Tables of figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

NAME, CELL = 26, 27  # characters


def print_table(columns: Mapping[str, Mapping[str, Any]]) -> None:
    """Print named columns of figures, one per row; nested ones have their group's name before theirs."""
    tables = [dict(_rows(figures)) for figures in columns.values()]
    names = dict.fromkeys(name for table in tables for name in table)
    print(f"{'':<{NAME}}" + "".join(f"{name:>{CELL}}" for name in columns))
    for name in names:
        print(f"{name:<{NAME}}" + "".join(f"{table.get(name, '–'):>{CELL}}" for table in tables))


def _rows(figures: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, str]]:
    for name, value in figures.items():
        if isinstance(value, Mapping) and "value" not in value:
            yield from _rows(value, f"{group}{name}: ")
        else:
            yield group + name, _cell(value)


def _cell(figure: Any) -> str:
    """A share as a percentage, with its 95 % interval where it has one; anything else as it is."""
    if not isinstance(figure, Mapping):
        return str(figure)
    if figure["value"] is None:
        return "–"
    spread = f" ({figure['low']:.1%}–{figure['high']:.1%})" if "low" in figure else ""
    return f"{figure['value']:.1%}{spread}"
