"""The server's settings: from flags, else from the environment, else the defaults below."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from inference.contract import MODELS

MEGABYTE = 2**20
LOG_FORMATS = ("auto", "json", "text", "off")
PREFIX = "MASK_"
_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True}
_BOOLEANS |= {"": False, "0": False, "false": False, "no": False, "off": False}


def _number(minimum: float, maximum: float, kind: type = int) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            value = minimum - 1
        if not minimum <= value <= maximum:
            raise argparse.ArgumentTypeError(f"expected {minimum} to {maximum}, got {text!r}")
        return value

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"expected {', '.join(choices)}, got {text!r}")
        return text

    return parse


def _list_of(pattern: str, expected: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = text.replace(",", " ").split()
        for part in parts:
            if not re.fullmatch(pattern, part):
                raise argparse.ArgumentTypeError(f"expected {expected}, got {part!r}")
        return " ".join(parts)

    return parse


_origins = _list_of(r"\*|https?://[^/\s;]+", "origins such as https://example.org, or *")


def _boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise argparse.ArgumentTypeError(f"expected 1 or 0, got {text!r}")
    return value


def _option(default: Any, parse: Callable[[str], Any], metavar: str, text: str) -> Any:
    return field(default=default, metadata={"parse": parse, "metavar": metavar, "help": text})


def _count(default: int, minimum: int, maximum: int, text: str) -> Any:
    return _option(default, _number(minimum, maximum), "NUMBER", text)


def _seconds(default: float, minimum: float, text: str) -> Any:
    return _option(default, _number(minimum, 3600, float), "SECONDS", text)


@dataclass(frozen=True)
class Settings:
    """One field per option: ``--max-photo-mb`` and ``MASK_MAX_PHOTO_MB`` set `max_photo_mb`."""

    host: str = _option(
        "", str, "ADDRESS", "Address to listen on; by default 127.0.0.1, with --https 0.0.0.0."
    )
    port: int = _count(5000, 0, 65535, "Port to listen on; 0 selects a free one.")
    https: bool = _option(
        False,
        _boolean,
        "",
        "Use a self-signed certificate, so that other devices can open cameras.",
    )
    models: Path = _option(  # noqa: RUF009  paths are immutable
        MODELS, Path, "FOLDER", "Folder of the model, with contract.json."
    )
    logo: str = _option(
        "", str, "FILE", "PNG, JPEG, WebP or SVG picture of at most 1 MB that the kiosk can show."
    )
    max_photo_mb: int = _count(20, 1, 200, "Maximum size of one photo, in MB.")
    max_request_mb: int = _count(40, 1, 400, "Maximum size of all photos of a request, in MB.")
    max_photos: int = _count(20, 1, 500, "Maximum number of photos in a request.")
    predictions: int = _count(2, 1, 64, "Number of photos processed at the same time.")
    queue: int = _count(8, 0, 500, "Number of requests that may wait; others get a 503.")
    prediction_timeout_s: float = _seconds(
        30, 1, "Maximum time to process a request's photos, waiting included, in seconds."
    )
    upload_timeout_s: float = _seconds(
        60, 1, "Maximum time for a client to send a request, in seconds."
    )
    shutdown_timeout_s: float = _seconds(
        30, 0, "Maximum time to finish running requests at shutdown, in seconds."
    )
    metrics: str = _option(
        "local",
        _one_of("local", "all", "off"),
        "CLIENTS",
        "Clients that can read /metrics: local (this computer; none with --https), all, or off.",
    )
    allowed_hosts: str = _option(
        "",
        _list_of(r"\*|[\w.-]+", "host names without a port, or *"),
        "NAMES",
        "Host names of requests, separated by commas, beside those of this computer; * for all.",
    )
    allowed_origins: str = _option(
        "",
        _origins,
        "ORIGINS",
        "Origins of other sites whose pages can use the API, such as https://example.org, "
        "separated by commas; * for all.",
    )
    frame_ancestors: str = _option(
        "",
        _origins,
        "ORIGINS",
        "Origins of pages that can show this one in a frame, separated by commas.",
    )
    trusted_proxy: int = _count(
        0,
        0,
        9,
        "Number of proxies in front; each must set X-Forwarded-For, -Proto, -Host and -Prefix.",
    )
    log: str = _option(
        "auto",
        _one_of(*LOG_FORMATS),
        "FORMAT",
        "Format of the log: json, text, off, or auto (text on a terminal, else json).",
    )

    @property
    def address(self) -> str:
        """The address to listen on."""
        return self.host or ("0.0.0.0" if self.https else "127.0.0.1")

    @property
    def max_request_bytes(self) -> int:
        """The maximum size of a request's body."""
        return self.max_request_mb * MEGABYTE

    @property
    def allowed_host_names(self) -> frozenset[str]:
        """The additional host names, in lower case."""
        return frozenset(self.allowed_hosts.lower().split())

    @property
    def api_origins(self) -> frozenset[str]:
        """The origins of other sites that can use the API."""
        return frozenset(self.allowed_origins.split())

    @property
    def metrics_access(self) -> str:
        """The clients that can read /metrics: "local", "all" or "off"."""
        return "off" if self.metrics == "local" and self.https else self.metrics


def variable(name: str) -> str:
    """The environment variable of an option; its flag and variable omit the unit ``_s``."""
    return PREFIX + name.removesuffix("_s").upper()


def parser() -> argparse.ArgumentParser:
    """The command line; each option's help ends with its variable and default."""
    command = argparse.ArgumentParser(  # named as it was called: server.py or mask-serve
        description="Serve the face mask detection page and API.",
        epilog="Each option can also be set by its environment variable; flags take precedence.",
    )
    for option in fields(Settings):
        default = _format(option.default)
        hint = f"{variable(option.name)}, {default}" if default else variable(option.name)
        text = f"{option.metadata['help']} [{hint}]"
        flag = f"--{option.name.removesuffix('_s').replace('_', '-')}"
        if isinstance(option.default, bool):
            command.add_argument(flag, action=argparse.BooleanOptionalAction, help=text)
        else:
            parse, metavar = option.metadata["parse"], option.metadata["metavar"]
            command.add_argument(flag, dest=option.name, type=parse, metavar=metavar, help=text)
    return command


def _format(default: Any) -> str:
    if isinstance(default, Path):
        return default.name
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, float) else str(default)


def read_settings(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings; prints an error and exits with 2 where a value is invalid."""
    environment = os.environ if environment is None else environment
    command = parser()
    for option in fields(Settings):
        text = environment.get(variable(option.name))
        try:
            value = option.default if text is None else option.metadata["parse"](text)
        except argparse.ArgumentTypeError as error:
            command.error(f"{variable(option.name)}: {error}")
        command.set_defaults(**{option.name: value})
    settings = Settings(**vars(command.parse_args(arguments)))
    if settings.max_photo_mb > settings.max_request_mb:
        command.error(
            f"--max-photo-mb: expected at most {settings.max_request_mb}, as --max-request-mb, "
            f"got {settings.max_photo_mb}"
        )
    return settings
