"""The trainer's command line: ``python -m trainer --help``."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from inference.errors import ModelError
from trainer.config import RUNS, Config
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

STEPS = {
    "download": "download a data set of photos from Kaggle",
    "prepare": "crop the faces of your photos and split them into train, val and test",
    "train": "train the network; run it again to resume an interrupted training",
    "evaluate": "measure the trained model and write the report",
    "export": "write all model formats and the contract, and verify that they agree",
    "all": "prepare, train, evaluate and export",
    "restore": "bring the model back that the last export replaced, or another version",
}


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="mask-train" if Path(sys.argv[0]).name == "mask-train" else "python -m trainer",
        description="Train the mask classifier on your photos.",
    )
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    for name, text in STEPS.items():
        step = steps.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == "download":
            step.add_argument(
                "--out",
                type=Path,
                default=Path("photos"),
                help="Folder to unpack the photos into. Default: %(default)s.",
            )
            continue
        if name == "restore":
            _add_restore_options(step)
            continue
        step.add_argument(
            "--run",
            type=Path,
            default=RUNS / "latest",
            help="Folder of the run. Default: %(default)s.",
        )
        if name in ("prepare", "all"):
            _add_prepare_options(step)
        if name in ("export", "all"):
            step.add_argument(
                "--held-out-run",
                type=Path,
                action="append",
                default=[],
                metavar="RUN",
                help="Run that held sources out. Its metrics are added to the model card; the "
                "first one also calibrates the model. Repeatable.",
            )
            step.add_argument(
                "--force",
                action="store_true",
                help="Export the model even if it is worse than the present one.",
            )
    parsed = parser.parse_args(arguments)
    if parsed.step in ("prepare", "all") and not (parsed.data or parsed.boxes):
        steps.choices[parsed.step].error("expected --data or --boxes")
    return parsed


def _add_restore_options(step: argparse.ArgumentParser) -> None:
    step.add_argument(
        "version",
        nargs="?",
        default="",
        help="Version to bring back. Default: the one that the present model replaced.",
    )
    step.add_argument(
        "--list", action="store_true", help="List the versions; * marks the one in use."
    )


def _add_prepare_options(step: argparse.ArgumentParser) -> None:
    step.add_argument(
        "--data",
        type=Path,
        help="Folder with a folder of photos per label: with_mask/, without_mask/ and, "
        "optionally, incorrect_mask/; common spellings are understood, and so are train/, val/ "
        "and test/ around them.",
    )
    step.add_argument(
        "--boxes",
        type=Path,
        metavar="PATH",
        help="File or folder of annotated photos with several faces, in addition to --data or "
        "instead: Pascal VOC, YOLO, COCO, or a CSV file (image,x1,y1,x2,y2,label) whose photos "
        "are in the folder of the same name.",
    )
    step.add_argument(
        "--dry-run",
        action="store_true",
        help="Print which photos would be used, as what, and do nothing.",
    )
    step.add_argument(
        "--config",
        type=Path,
        help="JSON file of options that differ from the defaults of trainer/config.py.",
    )
    step.add_argument(
        "--hold-out-source",
        action="append",
        metavar="NAME",
        help="Source to keep out of training and to measure on: the part of the file names before "
        "__, or the name of the folder of --boxes. Repeatable.",
    )
    step.add_argument(
        "--start-from",
        metavar="RUN",
        help="Run whose model to fine-tune, instead of training a new one.",
    )
    step.add_argument(
        "--from-scratch",
        action="store_true",
        help="Train a new model, also of few photos. By default, few photos fine-tune the present "
        "model.",
    )
    step.add_argument("--epochs", type=int, help="Number of epochs.")
    step.add_argument("--seed", type=int, help="Seed of all random choices.")


def configure(arguments: argparse.Namespace) -> Config:
    """Return the run's configuration: from the options for 'prepare', else as saved by it."""
    if arguments.step not in ("prepare", "all"):
        return Config.load(arguments.run / "config.json")
    from trainer.method import choose_method, count_photos, describe_method  # OpenCV takes a second

    config = _given_options(arguments)
    photos = count_photos(arguments.data, arguments.boxes, config)
    if arguments.from_scratch:
        config = replace(config, base_model="")
    else:
        config = choose_method(config, photos, arguments.epochs)
    log.info("%s", describe_method(config, photos))
    return config


def _given_options(arguments: argparse.Namespace) -> Config:
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
    if arguments.step == "restore":
        _restore(arguments)
        return
    config = configure(arguments)
    if arguments.step in ("prepare", "all") and arguments.dry_run:
        from trainer.data.plan import make_plan

        log.info("%s", make_plan(arguments.data, arguments.boxes, config).text)
        return
    if arguments.step != "all":
        _step(arguments.step)(arguments, config)
        return
    from trainer.evaluate.held_out import check_held_out, check_photos  # fails before training

    check_held_out(arguments.held_out_run, config)
    _step("prepare")(arguments, config)
    check_photos(arguments.held_out_run, arguments.run)
    for step in ("train", "evaluate"):
        _step(step)(arguments, config)
    if config.hold_out_sources:
        log.info("Not exported: this model was trained without the held-out sources.")
    else:
        _step("export")(arguments, config)


def _restore(arguments: argparse.Namespace) -> None:
    from trainer.export.archive import describe_archived, restore

    if arguments.list:
        log.info("%s", describe_archived())
        return
    restored = restore(arguments.version)
    log.info("The model %s is in use again: reload the page.", restored.version)


def _step(name: str) -> Callable[[argparse.Namespace, Config], object]:
    # Imported on demand: TensorFlow takes seconds to load.
    if name == "prepare":
        from trainer.data.prepare import prepare

        return lambda arguments, config: prepare(
            arguments.data, arguments.run, config, arguments.boxes
        )
    if name == "export":
        from trainer.export.export import export

        return lambda arguments, config: export(
            arguments.run,
            config,
            held_out_runs=arguments.held_out_run,
            force=arguments.force,
        )
    if name == "train":
        from trainer.fine_tune import fine_tune
        from trainer.train import train

        return lambda arguments, config: (fine_tune if config.base_model else train)(
            arguments.run, config
        )
    from trainer.evaluate.evaluate import evaluate

    return lambda arguments, config: evaluate(arguments.run, config)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 on success, 1 after printing an error."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # silences TensorFlow's start-up messages
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    logging.getLogger("absl").setLevel(logging.ERROR)
    try:
        run_steps(parse(arguments))
    except (TrainerError, ModelError, OSError, ValueError) as error:
        print(f"trainer: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "trainer: interrupted; run the same command again to resume a training.",
            file=sys.stderr,
        )
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
