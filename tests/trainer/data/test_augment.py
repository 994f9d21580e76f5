"""Tests that augmentation varies the picture and preserves the label."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from inference.vision.geometry import Box, Floats, sample, square_around
from tests.frames import EYES, astronaut
from trainer.data.augment import (
    _motion,
    augment,
    cut_edges,
    degrade,
    jitter,
    recolor,
    rotated,
    turn,
)
from trainer.data.occlusion_drawing import Points

SIDE, SIZE, CONTEXT = 96, 48, 1.6
MANY = 60


@pytest.fixture(autouse=True)
def seed() -> None:
    keras.utils.set_random_seed(3)


def portrait() -> Floats:
    """A crop as it is stored: float32, shape (SIDE, SIDE, 3), 0 to 255."""
    (x, y), (x2, y2) = EYES
    middle = Box((x + x2) / 2, (y + y2) / 2 + 30, (x + x2) / 2, (y + y2) / 2 + 30)
    half = 150
    box = Box(middle.left - half, middle.top - half, middle.left + half, middle.top + half)
    return sample(astronaut(), box, SIDE, SIDE)


def spot(x: float, y: float) -> Floats:
    """A soft white spot on black, at relative coordinates of the crop."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    distance = (rows - y * SIDE) ** 2 + (columns - x * SIDE) ** 2
    return np.repeat(255 * np.exp(-distance / 40)[..., None], 3, axis=2).astype(np.float32)


def draw(crop: Floats, count: int = MANY) -> Floats:
    """Augmented copies: shape (count, SIZE, SIZE, 3)."""
    change = tf.function(lambda: augment(tf.constant(crop), SIZE, CONTEXT))
    return np.stack([change().numpy() for _ in range(count)])


HARD = {
    "portrait": portrait(),
    "black": np.zeros((SIDE, SIDE, 3), np.float32),
    "white": np.full((SIDE, SIDE, 3), 255, np.float32),
    "noise": np.random.default_rng(0).choice([0, 255], (SIDE, SIDE, 3)).astype(np.float32),
    "red": np.full((SIDE, SIDE, 3), (255, 0, 0), np.float32),
}


@pytest.mark.parametrize("name", HARD)
def test_shape_dtype_and_range_are_kept(name: str) -> None:
    results = draw(HARD[name])
    assert results.shape == (MANY, SIZE, SIZE, 3)
    assert results.dtype == np.float32
    assert np.isfinite(results).all()
    assert 0 <= results.min() <= results.max() <= 255


def test_every_augmented_copy_is_different() -> None:
    crop = portrait()
    results = draw(crop)
    plain = sample(
        crop.astype(np.uint8), square_around(Box(0, 0, SIDE, SIDE), 1 / CONTEXT), SIZE, SIZE
    )
    assert min(np.abs(result - plain).mean() for result in results) > 1
    assert len({result.tobytes() for result in results}) == MANY


def test_a_rotation_moves_the_middle_and_keeps_the_edges() -> None:
    still = rotated(SIDE, 0.25, tf.constant(0.0)).numpy()
    assert still == pytest.approx(np.arange(SIDE), abs=1e-3)
    moved = rotated(SIDE, 0.25, tf.constant(0.5)).numpy()
    assert moved[[0, -1]] == pytest.approx([0, SIDE - 1], abs=1)
    middle = SIDE // 2
    assert moved[middle] - middle == pytest.approx(-0.25 * SIDE * np.sin(0.5), abs=0.5)
    assert (np.diff(moved) >= 0).all()


def test_a_rotation_the_other_way_is_its_mirror_image() -> None:
    left, right = (rotated(SIDE, 0.3, tf.constant(angle)).numpy() for angle in (-0.4, 0.4))
    assert left == pytest.approx(SIDE - 1 - right[::-1], abs=1e-3)


def test_some_heads_are_turned() -> None:
    crop = portrait()
    change = tf.function(lambda: turn(tf.constant(crop)))
    results = [change().numpy() for _ in range(MANY)]
    moved = [np.abs(result - crop).mean() > 0.5 for result in results]
    assert 0.2 < np.mean(moved) < 0.7
    assert all(result.shape == crop.shape for result in results)
    assert all(0 <= result.min() <= result.max() <= 255.01 for result in results)


def test_the_face_stays_near_the_middle() -> None:
    """A spot in the middle stays near the middle, without bias."""
    places = []
    for result in jittered(spot(0.5, 0.5), 100):
        weights = result.mean(axis=2)
        y, x = np.mgrid[:SIZE, :SIZE] + 0.5
        places.append([(weights * axis).sum() / weights.sum() / SIZE for axis in (x, y)])
    across, down = np.abs(np.array(places) - 0.5).max(axis=0)
    assert across < 0.2
    assert across < down < 0.28  # boxes vary more in how far down they reach
    assert np.abs(np.mean(places, axis=0) - 0.5).max() < 0.02
    assert np.std(places, axis=0).min() > 0.01


def jittered(crop: Floats, count: int) -> list[Floats]:
    change = tf.function(lambda: jitter(tf.constant(crop), SIZE, CONTEXT))
    return [change().numpy() for _ in range(count)]


def test_copies_have_the_scale_of_the_classifiers_input() -> None:
    """The mean distance of two spots equals that in the classifier's input."""
    apart = []
    for result in jittered(np.maximum(spot(0.35, 0.5), spot(0.65, 0.5)), 80):
        weights = result.mean(axis=2)
        columns = weights.sum(axis=0) / weights.sum()
        x = np.arange(SIZE) + 0.5
        apart.append(2 * np.sqrt((columns * (x - (columns * x).sum()) ** 2).sum()))
    assert np.mean(apart) / SIZE == pytest.approx(0.3 * CONTEXT, rel=0.06)
    assert np.std(apart) / np.mean(apart) > 0.05


def test_half_of_the_copies_are_flipped() -> None:
    sides = [
        result[:, : SIZE // 2].sum() > result[:, SIZE // 2 :].sum()
        for result in jittered(spot(0.35, 0.5), 100)
    ]
    assert 0.3 < np.mean(sides) < 0.7


def test_augmentation_includes_jitter() -> None:
    """The complete augmentation moves and flips a spot."""
    sides = [
        result[:, : SIZE // 2].sum() > result[:, SIZE // 2 :].sum()
        for result in draw(spot(0.3, 0.5))
    ]
    assert 0.2 < np.mean(sides) < 0.8


def test_copies_are_never_upside_down() -> None:
    assert all(
        result[: SIZE // 2].sum() > result[SIZE // 2 :].sum()
        for result in jittered(spot(0.5, 0.35), 100)
    )


def test_brightness_and_color_vary() -> None:
    means = draw(portrait()).mean(axis=(1, 2))
    assert np.std(means.mean(axis=1)) > 5
    assert np.std(means[:, 0] - means[:, 2]) > 2


def test_a_minority_is_grey() -> None:
    """A grey copy has a uniform tint."""
    crop = tf.constant(portrait())
    spread = []
    for _ in range(150):
        red, _, blue = np.moveaxis(recolor(crop).numpy().clip(8, 247), -1, 0)
        inside = (red > 8) & (red < 247) & (blue > 8) & (blue < 247)
        spread.append(np.std(np.log(red / blue)[inside]))
    assert 0.05 < np.mean(np.array(spread) < 0.02) < 0.35


def test_light_and_dark_are_never_swapped() -> None:
    """Recoloring never turns a dark mask on light skin into the opposite."""
    crop = np.full((SIDE, SIDE, 3), 190, np.float32)
    crop[SIDE // 2 :] = 60
    for _ in range(MANY):
        result = recolor(tf.constant(crop)).numpy()
        assert result[0].mean() > result[-1].mean() + 5


def test_a_degraded_picture_resembles_the_original() -> None:
    crop = tf.constant(portrait())
    for _ in range(MANY):
        result = degrade(crop).numpy()
        same = np.corrcoef(result.ravel(), crop.numpy().ravel())[0, 1]
        assert same > 0.8
        assert abs(result.mean() - crop.numpy().mean()) < 6


def test_cut_edges_keep_the_middle() -> None:
    crop = portrait()
    middle = slice(round(SIDE * 0.37), round(SIDE * 0.63))
    changed = 0
    for _ in range(MANY):
        result = cut_edges(tf.constant(crop)).numpy()
        assert (result[middle, middle] == crop[middle, middle]).all()
        changed += bool((result != crop).any())
    assert 0.3 * MANY < changed < MANY


def test_some_copies_are_dark_or_have_a_strong_cast() -> None:
    grey = tf.fill([8, 8, 3], 128.0)
    means = np.stack([recolor(grey).numpy().mean(axis=(0, 1)) for _ in range(400)])
    assert 0.03 < np.mean(means.mean(axis=1) < 65) < 0.15
    assert 0.02 < np.mean(means.max(axis=1) > 1.4 * means.min(axis=1)) < 0.3


def test_motion_blurs_along_one_direction_without_a_shift() -> None:
    rows, columns = np.mgrid[:SIDE, :SIDE]

    def spread(image: Floats) -> tuple[Points, Points]:
        """Return a spot's centre and its variances along its axes, in ascending order."""
        weights = image[..., 0].ravel() / image[..., 0].sum()
        places = np.stack([rows.ravel(), columns.ravel()])
        return places @ weights, np.linalg.eigvalsh(np.cov(places, aweights=weights))

    still = spot(0.5, 0.5)
    centre, before = spread(still)
    ratios = []
    for _ in range(20):
        moved, (across, along) = spread(_motion(tf.constant(still)).numpy())
        assert moved == pytest.approx(centre, abs=0.05)
        assert across == pytest.approx(before[0], rel=0.03)
        ratios.append(along / across)
    assert np.median(ratios) > 1.02
