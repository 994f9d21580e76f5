"""The shipped model is a trained one, and its documents report what was measured."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inference.contract import MODELS, ROOT, Contract


@pytest.fixture(scope="module")
def metrics() -> Any:
    return json.loads((MODELS / "report/metrics.json").read_text(encoding="utf-8"))


def test_the_contract_describes_a_real_training(contract: Contract) -> None:
    assert contract.data["train"]["crops"].keys() == set(contract.labels)
    assert sum(contract.data["train"]["crops"].values()) > 10_000
    assert contract.measured["training"]["parameters"] <= 400_000
    assert contract.measured["test"]["accuracy"]["value"] > 0.95
    assert contract.measured["held_out"]
    calibrated_on, *others = contract.measured["held_out"]
    assert calibrated_on["two_classes"]["value"] > 0.95
    assert all(one["two_classes"]["value"] > 0.9 for one in others), (
        "some of their labels are wrong"
    )
    assert contract.unsure_below == contract.measured["calibration"]["unsure_below"]


def test_the_exports_keep_their_budgets(contract: Contract) -> None:
    page = contract.exports["tfjs_model"].bytes + contract.exports["tfjs_weights"].bytes
    assert page <= 900_000


def test_the_card_and_the_report_are_of_this_model(contract: Contract, metrics: Any) -> None:
    card = (MODELS / "README.md").read_text(encoding="utf-8")
    assert contract.version in card
    assert metrics["summary"]["test"] == contract.measured["test"]
    for plot in ("confusion", "precision_recall", "calibration", "learning"):
        assert (MODELS / f"report/{plot}.png").stat().st_size > 5_000


def test_the_documentation_has_the_figures_of_the_report(contract: Contract, metrics: Any) -> None:
    text = (ROOT / "docs/accuracy.md").read_text(encoding="utf-8")
    parts = [metrics["parts"]["test"], *contract.measured["held_out"]]
    for part in parts:
        for name in ("accuracy", "two_classes"):
            assert f"{part[name]['value']:.1%}".replace("%", " %") in text
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for part in contract.measured["held_out"]:
        assert f"{part['two_classes']['value']:.1%}".replace("%", " %") in readme
    recall = metrics["parts"]["test"]["labels"]["incorrect_mask"]["recall"]["value"]
    assert f"{recall:.1%}".replace("%", " %") in text
