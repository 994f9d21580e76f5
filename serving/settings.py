"""What can be set when the server starts: by flags, else by the environment, else as written here."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from inference.contract import MODELS
from serving.request_log import FORMS

MEGABYTE = 2**20
PREFIX = "MASK_"
_YES = {"1": True, "true": True, "yes": True, "on": True}
_NO = {"": False, "0": False, "false": False, "no": False, "off": False}


def _number(least: float, most: float, kind: type = int) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"expected {least} to {most}, got {text!r}")
        return value

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise argparse.ArgumentTypeError(f"expected {', '.join(words)}, got {text!r}")
        return text

    return read


def _switch(text: str) -> bool:
    answer = (_YES | _NO).get(text.lower())
    if answer is None:
        raise argparse.ArgumentTypeError(f"expected 1 or 0, got {text!r}")
    return answer


def _option(default: Any, read: Callable[[str], Any], metavar: str, about: str) -> Any:
    return field(default=default, metadata={"read": read, "metavar": metavar, "help": about})


@dataclass(frozen=True)
class Settings:
    """One field an option: ``--photo-megabytes`` and ``MASK_PHOTO_MEGABYTES`` set the same one."""

    host: str = _option("", str, "ADDRESS", "listen on it; 127.0.0.1, with --https 0.0.0.0")
    port: int = _option(5000, _number(0, 65535), "NUMBER", "0 takes a free one")
    https: bool = _option(
        False, _switch, "", "with a self-made certificate, for cameras of other devices"
    )
    models: Path = _option(  # noqa: RUF009  a path does not change
        MODELS, Path, "FOLDER", "the model's folder, with contract.json"
    )
    photo_megabytes: int = _option(20, _number(1, 200), "NUMBER", "of one photo at most")
    request_megabytes: int = _option(40, _number(1, 400), "NUMBER", "of a request's photos at most")
    photos: int = _option(20, _number(1, 500), "NUMBER", "in one request at most")
    predictions: int = _option(2, _number(1, 64), "NUMBER", "photos judged at the same time")
    queue: int = _option(8, _number(0, 500), "NUMBER", "requests that may wait; more get a 503")
    time_limit: float = _option(
        30.0, _number(1, 3600, float), "SECONDS", "to judge a request's photos, waiting included"
    )
    upload_limit: float = _option(
        60.0, _number(1, 3600, float), "SECONDS", "that a sender may take for a request"
    )
    stop_limit: float = _option(
        30.0, _number(0, 3600, float), "SECONDS", "to answer what runs when told to stop"
    )
    metrics: str = _option(
        "local", _one_of("local", "all", "off"), "WHO", "may read /metrics: local, all or off"
    )
    log: str = _option(
        "auto",
        _one_of(*FORMS),
        "FORM",
        "json, a line a request; text for people; off; or auto: text on a terminal, else json",
    )

    @property
    def address(self) -> str:
        """What to listen on."""
        return self.host or ("0.0.0.0" if self.https else "127.0.0.1")

    def config(self) -> dict[str, Any]:
        """The settings of the application, by Flask's names."""
        return {
            "MODELS": self.models,
            "PHOTO_BYTES": self.photo_megabytes * MEGABYTE,
            "MAX_CONTENT_LENGTH": self.request_megabytes * MEGABYTE,
            "PHOTOS": self.photos,
            "PREDICTIONS": self.predictions,
            "QUEUE": self.queue,
            "TIME_LIMIT": self.time_limit,
            "METRICS": "off" if self.metrics == "local" and self.https else self.metrics,
        }


def variable(name: str) -> str:
    """The environment's name of an option."""
    return PREFIX + name.upper()


def parser() -> argparse.ArgumentParser:
    """The command line; each option's help ends with its variable and default."""
    made = argparse.ArgumentParser(
        prog="server.py",
        description="Serve the face mask detection page.",
        epilog="Each option can be set by the environment as well; flags win.",
    )
    for one in fields(Settings):
        default = _tell(one.default)
        about = f"{one.metadata['help']} [{variable(one.name)}{f', {default}' if default else ''}]"
        flag = f"--{one.name.replace('_', '-')}"
        if isinstance(one.default, bool):
            made.add_argument(flag, action=argparse.BooleanOptionalAction, help=about)
        else:
            made.add_argument(
                flag, type=one.metadata["read"], metavar=one.metadata["metavar"], help=about
            )
    return made


def _tell(default: Any) -> str:
    if isinstance(default, Path):
        return default.name
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, float) else str(default)


def read_settings(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings of a start; ends the process after a sentence where one makes no sense."""
    environment = os.environ if environment is None else environment
    command = parser()
    for one in fields(Settings):
        text = environment.get(variable(one.name))
        try:
            value = one.default if text is None else one.metadata["read"](text)
        except argparse.ArgumentTypeError as error:
            command.error(f"{variable(one.name)}: {error}")
        command.set_defaults(**{one.name: value})
    settings = Settings(**vars(command.parse_args(arguments)))
    if settings.photo_megabytes > settings.request_megabytes:
        command.error(
            "--photo-megabytes: expected at most those of a request, "
            f"{settings.request_megabytes}, got {settings.photo_megabytes}"
        )
    return settings
