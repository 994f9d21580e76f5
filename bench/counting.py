"""How well people are counted: ``python -m bench.counting [--part tune|test] [--draw N]``.

People of photos pass singly, cross each other, walk in groups, wait in a queue, step behind a pillar
and turn away, in clips that are generated, always the same. The live pipeline of the command line
runs on them. Parameters are chosen on the people of ``tune``; figures are of those of ``test``.

*Switches* are the times when a person is reported under another id than before; *shared* are ids
that were reported of more than one person; *missed* are people who never had an id of their own for
a second. The error of the count is the sum, over clips, of how far the count is off.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.people import Person, Seen, Walk, frames, read_people
from inference import LiveDetector, MaskDetector
from inference.labels import ALERT_LABELS
from inference.tracking.alerts import AlertRule
from inference.tracking.tally import Tally
from inference.tracking.track import Track
from inference.vision.geometry import iou

RATES = (10, 15, 30)
"""Frames a second."""
PILLAR = (0.42, 0.6)
MATCH = 0.3
"""Minimum IoU of a track with the face that it is of."""
Keys = tuple[tuple[float, ...], ...]


def across(start_s: float, seconds: float, y: float, height: float, back: bool = False) -> Keys:
    """A walk through the picture, from the left unless `back`."""
    ends = (1.12, -0.12) if back else (-0.12, 1.12)
    turn = -20 if back else 20
    return (
        (start_s, ends[0], y, height, turn),
        (start_s + seconds, ends[1], y, height, turn),
    )


def stop(start_s: float, x: float, wait_s: float, height: float = 0.3) -> Keys:
    """From the left to a place, a while there, and on to the right."""
    return (
        (start_s, -0.12, 0.4, height, 20),
        (start_s + 1.5, x, 0.4, height, 5),
        (start_s + 1.5 + wait_s, x, 0.4, height, -5),
        (start_s + 3 + wait_s, 1.12, 0.4, height, 20),
    )


def behind(start_s: float, hidden_s: float, back: bool = False, height: float = 0.3) -> Keys:
    """From the left behind the pillar, a while there, and on to the right, or `back` to the left."""
    middle = sum(PILLAR) / 2
    return (
        (start_s, -0.12, 0.4, height, 15),
        (start_s + 2.5, middle, 0.4, height, 15),
        (start_s + 2.5 + hidden_s, middle, 0.4, height, 0),
        (start_s + 5 + hidden_s, -0.12 if back else 1.12, 0.4, height, -15 if back else 15),
    )


def beside(
    x: float, height: float, start_s: float = 0, seconds: float = 8, drift: float = 0.1
) -> Keys:
    """Comes nearer and moves to the side, one of a group."""
    return (
        (start_s, x, 0.45, height, 0),
        (start_s + seconds / 2, x + drift, 0.42, height * 1.2, 12),
        (start_s + seconds, x, 0.4, height * 1.45, -8),
    )


CLIPS: dict[str, tuple[tuple[Keys, ...], Sequence[float]]] = {
    "one after another": (
        tuple(across(2.5 * i, 4, 0.4, 0.2 + 0.04 * i, i % 2 == 1) for i in range(4)),
        (),
    ),
    "crossing, near and far": ((across(0, 6, 0.36, 0.2), across(0.4, 5, 0.42, 0.32, True)), ()),
    "crossing, alike": ((across(0, 6, 0.4, 0.26), across(0, 6, 0.41, 0.27, True)), ()),
    "crossing, slow": ((across(0, 10, 0.4, 0.3), across(0.5, 9.5, 0.42, 0.34, True)), ()),
    "two pairs cross": (
        (
            across(0, 7, 0.38, 0.22),
            across(1.1, 7, 0.4, 0.25),
            across(0, 6.5, 0.42, 0.28, True),
            across(1.4, 6.5, 0.4, 0.26, True),
        ),
        (),
    ),
    "a pair": ((beside(0.3, 0.2), beside(0.6, 0.22, drift=-0.06)), ()),
    "three, partly hidden": (
        (
            beside(0.22, 0.2, drift=0.1),
            beside(0.5, 0.22, drift=-0.06),
            beside(0.74, 0.19, drift=-0.12),
        ),
        (),
    ),
    "four in a row": (
        tuple(across(0.9 * i, 6, 0.36 + 0.02 * i, 0.2 + 0.02 * i) for i in range(4)),
        (),
    ),
    "behind a pillar": (
        (behind(0, 0.5), behind(5, 1.5, True), behind(11, 2.5), behind(18.5, 2, True)),
        PILLAR,
    ),
    "others come out from behind": (
        (
            ((0, -0.12, 0.4, 0.3, 15), (2.5, 0.51, 0.4, 0.3, 15)),
            ((3, 0.51, 0.4, 0.3, 15), (5.5, 1.12, 0.4, 0.3, 15)),
            ((6, 1.12, 0.4, 0.3, -15), (8.5, 0.51, 0.4, 0.3, -15)),
            ((9.5, 0.51, 0.4, 0.31, 15), (12, 1.12, 0.4, 0.31, 15)),
        ),
        PILLAR,
    ),
    "turning away": (
        (
            *(
                (
                    (s, x, 0.45, 0.3, 0),
                    (s + 2.5, x, 0.45, 0.3, 0),
                    (s + 3, x, 0.45, 0.3, 170),
                    (s + 5, x + 0.04, 0.45, 0.3, 190),
                    (s + 5.5, x + 0.04, 0.45, 0.3, 360),
                    (s + 8, x, 0.45, 0.3, 360),
                )
                for s, x in ((0, 0.3), (1.2, 0.7))
            ),
        ),
        (),
    ),
    "a queue": (
        (
            *(
                (
                    (3.6 * i, -0.12, 0.42, 0.34, 15),
                    (3.6 * i + 0.8, 0.5, 0.42, 0.34, 0),
                    (3.6 * i + 2.6, 0.5, 0.42, 0.34, 0),
                    (3.6 * i + 3.4, 1.12, 0.42, 0.34, 15),
                )
                for i in range(5)
            ),
        ),
        (),
    ),
    "a door at one spot": (
        (*(((3 * i, 0.5, 0.42, 0.34, 0), (3 * i + 2, 0.5, 0.4, 0.36, 0)) for i in range(4)),),
        (),
    ),
    "out and in again": (
        (
            (
                (0, 0.5, 0.42, 0.3, 0),
                (2, 0.5, 0.42, 0.3, 0),
                (3, 1.12, 0.42, 0.3, 20),
                (5, 1.12, 0.42, 0.3, -20),
                (6, 0.6, 0.42, 0.3, 0),
                (8, 0.6, 0.42, 0.3, 0),
            ),
            (
                (1, 0.2, 0.4, 0.26, 0),
                (4, 0.2, 0.4, 0.26, 0),
                (4.8, -0.12, 0.4, 0.26, -20),
                (6, -0.12, 0.4, 0.26, 20),
                (7, 0.2, 0.4, 0.26, 0),
                (9, 0.2, 0.4, 0.26, 0),
            ),
        ),
        (),
    ),
}


@dataclass
class Figures:
    """What was measured of one clip, or of several."""

    people: int = 0
    counted: int = 0
    error: int = 0
    ids: int = 0
    switches: int = 0
    shared: int = 0
    missed: int = 0
    violators: int = 0
    alerts: int = 0
    frame_ms: list[float] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Identities:
    """Which ids each person was reported under."""

    last: dict[int, int] = field(default_factory=dict)
    frames: defaultdict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """By id, the number of frames in which it was each person's."""
    switches: int = 0

    def update(self, tracks: Sequence[Track], seen: Sequence[Seen]) -> None:
        """Give each visible person the track that overlaps the face best."""
        for one in seen:
            pairs = [(iou(one.box, track.box), track.id) for track in tracks]
            overlap, track_id = max(pairs, default=(0, 0))
            if one.hidden or overlap < MATCH:
                continue
            self.switches += self.last.get(one.person, track_id) != track_id
            self.last[one.person] = track_id
            self.frames[track_id][one.person] += 1

    def shared(self, rate: int) -> int:
        """Ids that more than one person had for a fifth of a second."""
        return sum(
            sum(count >= rate / 5 for count in people.values()) > 1
            for people in self.frames.values()
        )

    def missed(self, people: int, rate: int) -> int:
        """People who are the main one of no id that they had for a second."""
        mains = {
            person
            for counts in self.frames.values()
            for person, count in counts.most_common(1)
            if count >= rate
        }
        return people - len(mains)


def measure(name: str, people: Sequence[Person], rate: int, detector: MaskDetector) -> Figures:
    """Run the live pipeline on a clip."""
    paths, pillar = CLIPS[name]
    walks = [Walk(person, keys) for person, keys in enumerate(paths)]
    seconds = max(keys[-1][0] for keys in paths) + 0.5
    live, tally, rule, identities = LiveDetector(detector), Tally(), AlertRule(), Identities()
    ids: set[int] = set()
    figures = Figures(people=len(walks))
    figures.violators = sum(person.label in ALERT_LABELS for person in people)
    for i, (image, seen) in enumerate(frames(walks, people, seconds, rate, pillar)):
        started = time.perf_counter()
        tracks = live.track(image, i * 1000 / rate)
        figures.frame_ms.append((time.perf_counter() - started) * 1000)
        tally.update(tracks, i * 1000 / rate)
        figures.alerts += sum(one.type == "begin" for one in rule.update(tracks, i * 1000 / rate))
        ids |= {track.id for track in tracks}
        identities.update(tracks, seen)
    figures.counted, figures.ids = tally.totals["faces"], len(ids)
    figures.error = abs(figures.counted - figures.people)
    figures.switches, figures.shared = identities.switches, identities.shared(rate)
    figures.missed = identities.missed(len(walks), rate)
    return figures


def row(name: str, figures: Figures) -> str:
    values = [value for key, value in vars(figures).items() if key != "frame_ms"]
    return f"{name:<32}" + "".join(f"{value:>10}" for value in values)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("tune", "test"), default="test")
    parser.add_argument("--rates", type=int, nargs="+", default=RATES)
    parser.add_argument("--draw", type=int, default=1, help="which sample of the people, from 0")
    options = parser.parse_args()
    detector = MaskDetector()
    count = sum(len(paths) for paths, _ in CLIPS.values())
    everybody = read_people(options.part, options.draw, count, detector)
    total = Figures()
    for rate in options.rates:
        names = [key for key in vars(total) if key != "frame_ms"]
        print(f"{rate:>3} frames/s{'':<20}" + "".join(f"{name:>10}" for name in names))
        first, sums = 0, Figures()
        for name, (paths, _) in CLIPS.items():
            people = everybody[first : first + len(paths)]
            first += len(paths)
            figures = measure(name, people, rate, detector)
            print(row(name, figures))
            sums.add(figures)
        print(row("all", sums))
        total.add(sums)
    print(
        f"error of the count {total.error / total.people:.1%}; "
        f"{np.median(total.frame_ms):.2f} ms per frame (median), {np.mean(total.frame_ms):.2f} (mean)"
    )


if __name__ == "__main__":
    main()
