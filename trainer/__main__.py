"""The trainer's command line: ``python -m trainer --help``."""

from __future__ import annotations

import argparse
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
    "download": "download photos from Kaggle",
    "prepare": "crop the faces and split them",
    "train": "train the network; run it again to resume after an interruption",
    "evaluate": "measure the model and write the report",
    "export": "write all formats and the contract, and check that they agree",
    "all": "prepare, train, evaluate and export",
}


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="mask-train" if Path(sys.argv[0]).name == "mask-train" else "python -m trainer",
        description="Trains the mask classifier on your photos.",
    )
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    for name, text in STEPS.items():
        step = steps.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == "download":
            step.add_argument(
                "--out", type=Path, default=Path("photos"), help="folder to unpack into"
            )
            continue
        step.add_argument("--run", type=Path, default=RUNS / "latest", help="folder of the run")
        if name in ("prepare", "all"):
            _add_choices(step)
        if name in ("export", "all"):
            step.add_argument(
                "--held-out-run",
                type=Path,
                action="append",
                default=[],
                metavar="RUN",
                help="run that left sources out: add its metrics to the model card; calibrate the "
                "model on the first one; repeatable",
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
        help="additional photos with several faces: CSV of image,x1,y1,x2,y2,label, with the photos "
        "in the folder of the same name",
    )
    step.add_argument("--config", type=Path, help="JSON file with the options to change")
    step.add_argument(
        "--hold-out-source",
        action="append",
        metavar="NAME",
        help="source (file name before __) to leave out of training and to measure on; repeatable",
    )
    step.add_argument(
        "--start-from", metavar="RUN", help="run whose model is fine-tuned instead of a new one"
    )
    step.add_argument("--epochs", type=int, help="number of epochs")
    step.add_argument("--seed", type=int, help="seed of every random choice")


def configure(arguments: argparse.Namespace) -> Config:
    """The configuration of a run: as given to 'prepare', afterwards as saved."""
    if arguments.step not in ("prepare", "all"):
        return Config.load(arguments.run / "config.json")
    given = {
        "hold_out_sources": arguments.hold_out_source,
        "start_from": arguments.start_from,
        "fine_tune_epochs" if arguments.start_from else "epochs": arguments.epochs,
        "seed": arguments.seed,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if arguments.config:
        return Config.load(arguments.config, **changes)
    return Config.from_dict(changes)


def run_steps(arguments: argparse.Namespace) -> None:
    """Run the requested step, or all of them."""
    if arguments.step == "download":
        from trainer.download import download

        log.info("The photos are in %s.", download(arguments.out))
        return
    config = configure(arguments)
    if arguments.step != "all":
        _step(arguments.step)(arguments, config)
        return
    from trainer.evaluate.held_out import check_held_out, check_photos  # fail before the training

    check_held_out(arguments.held_out_run, config)
    _step("prepare")(arguments, config)
    check_photos(arguments.held_out_run, arguments.run)
    for step in ("train", "evaluate"):
        _step(step)(arguments, config)
    if config.hold_out_sources:
        log.info("Not exported: this model was trained without some sources, to measure on them.")
    else:
        _step("export")(arguments, config)


def _step(name: str) -> Callable[[argparse.Namespace, Config], object]:
    # Imported when needed: TensorFlow takes seconds to load, and 'prepare' does not use it.
    if name == "prepare":
        from trainer.data.prepare import prepare

        return lambda arguments, config: prepare(
            arguments.data, arguments.run, config, arguments.boxes
        )
    if name == "export":
        from trainer.export.export import export

        return lambda arguments, config: export(
            arguments.run, config, held_out_runs=arguments.held_out_run
        )
    if name == "train":
        from trainer.train import train

        return lambda arguments, config: train(arguments.run, config)
    from trainer.evaluate.evaluate import evaluate

    return lambda arguments, config: evaluate(arguments.run, config)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 on success, 1 after printing an error."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow logs a lot at start-up
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logging.getLogger("absl").setLevel(logging.ERROR)
    try:
        run_steps(parse(arguments))
    except (TrainerError, ModelError, OSError, ValueError) as error:
        print(f"trainer: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("trainer: interrupted; run it again to resume a training.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
