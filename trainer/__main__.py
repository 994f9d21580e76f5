"""The trainer's command line: ``python -m trainer --help``."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from inference.errors import ModelError
from trainer.config import RUNS, Config
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

STEPS = {
    "download": "fetch photos from Kaggle",
    "prepare": "cut the faces and split them",
    "train": "fit the network; call again to go on after an interruption",
    "evaluate": "measure it and write the report",
    "export": "write all formats and the contract, checked against each other",
    "all": "prepare, train, evaluate and export",
}


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m trainer", description="Trains the mask classifier on your photos."
    )
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    for name, text in STEPS.items():
        step = steps.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == "download":
            step.add_argument("--out", type=Path, default=Path("photos"), help="where to unpack")
            continue
        step.add_argument("--run", type=Path, default=RUNS / "latest", help="the run's folder")
        if name in ("prepare", "all"):
            _add_choices(step)
        if name in ("export", "all"):
            step.add_argument(
                "--held-out-run",
                type=Path,
                action="append",
                default=[],
                metavar="RUN",
                help="a run that left sources out: its figures go into the model card, and the model "
                "is calibrated on those of the first; repeatable",
            )
    return parser.parse_args(arguments)


def _add_choices(step: argparse.ArgumentParser) -> None:
    step.add_argument(
        "--data", type=Path, required=True, help="folder with with_mask/, without_mask/, …"
    )
    step.add_argument(
        "--boxes",
        type=Path,
        metavar="TABLE",
        help="besides, photos with several faces: CSV of image,x1,y1,x2,y2,label, the photos in the "
        "folder of its name",
    )
    step.add_argument("--config", type=Path, help="JSON file with options that differ")
    step.add_argument(
        "--hold-out-source",
        action="append",
        metavar="NAME",
        help="leave this source (file name before __) out of training, to measure on; repeatable",
    )
    step.add_argument("--epochs", type=int, help="passes over the data at most")
    step.add_argument("--seed", type=int, help="of every random choice")


def configure(arguments: argparse.Namespace) -> Config:
    """The configuration of a run: the one given when it is prepared, later the one saved."""
    if arguments.step not in ("prepare", "all"):
        return Config.load(arguments.run / "config.json")
    given = {
        "hold_out_sources": arguments.hold_out_source,
        "epochs": arguments.epochs,
        "seed": arguments.seed,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if arguments.config:
        return Config.load(arguments.config, **changes)
    return Config.from_dict(changes)


def run_steps(arguments: argparse.Namespace) -> None:
    """Run the step that was asked for, or all of them."""
    if arguments.step == "download":
        from trainer.download import download

        log.info("The photos are in %s.", download(arguments.out))
        return
    config = configure(arguments)
    if arguments.step != "all":
        _step(arguments.step)(arguments, config)
        return
    from trainer.held_out import check_held_out, check_photos  # told now, not after the training

    check_held_out(arguments.held_out_run, config)
    _step("prepare")(arguments, config)
    check_photos(arguments.held_out_run, arguments.run)
    for step in ("train", "evaluate"):
        _step(step)(arguments, config)
    if config.hold_out_sources:
        log.info("Not exported: this model has not seen all sources, it is for measuring.")
    else:
        _step("export")(arguments, config)


def _step(name: str) -> Callable[[argparse.Namespace, Config], object]:
    # Each imported when it is run: TensorFlow takes seconds, and 'prepare' does without.
    if name == "prepare":
        from trainer.prepare import prepare

        return lambda arguments, config: prepare(
            arguments.data, arguments.run, config, arguments.boxes
        )
    if name == "export":
        from trainer.export import export

        return lambda arguments, config: export(
            arguments.run, config, held_out_runs=arguments.held_out_run
        )
    module = importlib.import_module(f"trainer.{name}")
    return lambda arguments, config: getattr(module, name)(arguments.run, config)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 where all went well, 1 after a sentence that says what did not."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow greets at length
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logging.getLogger("absl").setLevel(logging.ERROR)
    try:
        run_steps(parse(arguments))
    except (TrainerError, ModelError, OSError, ValueError) as error:
        print(f"trainer: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("trainer: interrupted; a training goes on when it is called again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
