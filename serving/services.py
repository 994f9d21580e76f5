"""What the request handlers share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from inference import MaskDetector
from serving.health import HealthCheck
from serving.logo import Logo
from serving.metrics import Metrics
from serving.predictions import PredictionPool
from serving.settings import Settings

EXTENSION = "mask"
"""The key of the services in `Flask.extensions`."""


@dataclass(frozen=True)
class Services:
    """The parts of one application."""

    settings: Settings
    detector: MaskDetector
    pool: PredictionPool
    metrics: Metrics
    health: HealthCheck
    static: Path
    """The folder of the static files."""
    host_names: frozenset[str]
    """The names and addresses of this computer."""
    logo: Logo | None
    """The operator's logo, if there is one."""


def services(app: Flask | None = None) -> Services:
    """The services of an application, by default of the current one."""
    found: Services = (app or current_app).extensions[EXTENSION]
    return found
