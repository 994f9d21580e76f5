"""Dependencies point one way: vision, then tracking, then the command line; nothing imports back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.contract import ROOT

PACKAGE = ROOT / "inference"
FORBIDDEN = {
    "vision": ("inference.tracking", "inference.cli"),
    "tracking": ("inference.cli", "onnxruntime", "ai_edge_litert"),
    "cli": (),
    ".": ("inference.cli",),
}
EVERYWHERE = ("tensorflow", "keras", "trainer", "serving", "server")


def imported(file: Path) -> Iterator[str]:
    """The modules that a file imports, in functions too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_point_one_way(folder: str) -> None:
    files = [file for file in (PACKAGE / folder).glob("*.py") if file.name != "__main__.py"]
    assert files
    forbidden = (*FORBIDDEN[folder], *EVERYWHERE)
    wrong = [
        (file.name, module)
        for file in files
        for module in imported(file)
        if module.startswith(forbidden)
    ]
    assert not wrong


def reachable(file: Path, known: set[str]) -> set[str]:
    """The modules that a file imports, directly or not."""
    for module in set(imported(file)) - known:
        known.add(module)
        target = ROOT / f"{module.replace('.', '/')}.py"
        if target.exists():
            reachable(target, known)
    return known


@pytest.mark.parametrize("file", sorted((PACKAGE / "tracking").glob("*.py")), ids=lambda f: f.stem)
def test_tracking_needs_no_model_but_in_live(file: Path) -> None:
    runtimes = {"onnxruntime", "ai_edge_litert.interpreter"} & reachable(file, set())
    assert bool(runtimes) == (file.stem == "live")
