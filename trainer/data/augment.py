"""Augmentation in the tf.data graph: imitates the variation of detectors and cameras.

All functions take and return one crop: float32, shape (side, side, 3), RGB, 0 to 255.
"""

from __future__ import annotations

import math

import tensorflow as tf


def _chance(probability: float) -> tf.Tensor:
    return tf.random.uniform([]) < probability


def cut_edges(crop: tf.Tensor) -> tf.Tensor:
    """Randomly cut the photo off inside the crop, on any side, and replicate its edge.

    Some data sets crop one class more tightly than another; the edge must not reveal the class.
    """
    side = crop.shape[0]
    ends = tf.random.uniform([4], 0, 0.36) * tf.cast(tf.random.uniform([4]) < 0.35, tf.float32)
    first = tf.cast(ends[:2] * side, tf.int32)
    last = side - 1 - tf.cast(ends[2:] * side, tf.int32)
    positions = tf.range(side)
    crop = tf.gather(crop, tf.clip_by_value(positions, first[0], last[0]), axis=0)
    return tf.gather(crop, tf.clip_by_value(positions, first[1], last[1]), axis=1)


def turn(crop: tf.Tensor) -> tf.Tensor:
    """Sometimes imitate a turned, raised or lowered head: a rotation of the face as a cylinder."""
    yaw = tf.where(_chance(0.3), tf.random.truncated_normal([], 0, math.radians(22)), 0.0)
    pitch = tf.where(_chance(0.2), tf.random.truncated_normal([], 0, math.radians(14)), 0.0)
    side = crop.shape[0]
    return _read(_read(crop, rotated(side, 0.25, yaw), 1), rotated(side, 0.3, pitch), 0)


def rotated(side: int, radius: float, angle: tf.Tensor) -> tf.Tensor:
    """Return where each pixel of an axis reads after a cylinder in the middle has rotated.

    A point of the surface at the angle `a` from the camera appears at ``sin(a)`` radii from the
    axis. Beyond the cylinder the shift fades out towards the edges of the crop.

    Args:
        side: pixels of the axis.
        radius: of the cylinder, in sides of the crop.
        angle: in radians.
    """
    position = (tf.range(side, dtype=tf.float32) + 0.5) / side - 0.5
    edge = tf.clip_by_value(position / radius, -1, 1)
    surface = tf.clip_by_value(tf.asin(edge) - angle, -math.pi / 2, math.pi / 2)
    shift = radius * (tf.sin(surface) - edge)
    fade = tf.minimum(1.0, (0.5 - tf.abs(position)) / (0.5 - radius))
    return (position + shift * fade + 0.5) * side - 0.5


def _read(crop: tf.Tensor, positions: tf.Tensor, axis: int) -> tf.Tensor:
    """Read rows (axis 0) or columns (axis 1) at fractional positions."""
    first = tf.floor(positions)
    shape = [-1, 1, 1] if axis == 0 else [1, -1, 1]
    after = tf.reshape(positions - first, shape)
    low = tf.clip_by_value(tf.cast(first, tf.int32), 0, crop.shape[axis] - 1)
    high = tf.minimum(low + 1, crop.shape[axis] - 1)
    return tf.gather(crop, low, axis=axis) * (1 - after) + tf.gather(crop, high, axis=axis) * after


def jitter(crop: tf.Tensor, size: int, context: float) -> tf.Tensor:
    """Flip, rotate, zoom and shift like a face detector, and resize to the classifier's input.

    Args:
        size: side of the result.
        context: side of the crop relative to the classifier's crop.
    """
    side = crop.shape[0]
    angle = tf.random.truncated_normal([], 0, math.radians(9))
    step = side / context / size * _zoom()
    flip = tf.where(_chance(0.5), -1.0, 1.0)
    shift = tf.random.truncated_normal([2], 0, [0.06, 0.09]) * side / context
    cos, sin = tf.cos(angle) * step, tf.sin(angle) * step
    # Output pixel (x, y) reads input pixel (a x + b y + c, d x + e y + f).
    a, b, d, e = cos[0] * flip, -sin[1], sin[0] * flip, cos[1]
    middle, centre = (size - 1) / 2, (side - 1) / 2
    c = centre + shift[0] - (a + b) * middle
    f = centre + shift[1] - (d + e) * middle
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=crop[None],
        transforms=tf.reshape(tf.stack([a, b, c, d, e, f, 0.0, 0.0]), [1, 8]),
        output_shape=[size, size],
        interpolation="BILINEAR",
        fill_mode="NEAREST",
        fill_value=0.0,
    )[0]


def _zoom() -> tf.Tensor:
    """Return correlated zooms across and down: boxes vary more in size than in aspect ratio."""
    both = tf.random.truncated_normal([], 0, 0.12)
    return tf.exp(both + tf.random.truncated_normal([2], 0, 0.08))


def recolor(crop: tf.Tensor) -> tf.Tensor:
    """Vary brightness, contrast, gamma, color cast and saturation; sometimes grey or dark."""
    crop = crop / 255
    grey = tf.image.rgb_to_grayscale(crop)
    crop = grey + (crop - grey) * tf.random.uniform([], 0.5, 1.4)
    crop = tf.where(_chance(0.15), tf.broadcast_to(grey, tf.shape(crop)), crop)
    cast = tf.where(_chance(0.25), 0.3, 0.1)
    crop = crop * tf.random.uniform([3], 1 - cast, 1 + cast)
    mean = tf.reduce_mean(crop)
    crop = mean + (crop - mean) * tf.random.uniform([], 0.6, 1.4)
    night = tf.where(_chance(0.1), tf.random.uniform([], -1.4, -0.5), 0.0)
    crop = crop * tf.exp(tf.random.truncated_normal([], 0, 0.2) + night)
    crop = tf.clip_by_value(crop, 1e-4, 1.0)
    return 255 * crop ** tf.exp(tf.random.truncated_normal([], 0, 0.2))


def degrade(crop: tf.Tensor) -> tf.Tensor:
    """Randomly apply low resolution, motion blur, noise and JPEG compression."""
    crop = tf.cond(_chance(0.4), lambda: _low_resolution(crop), lambda: crop)
    crop = tf.cond(_chance(0.2), lambda: _motion(crop), lambda: crop)
    sigma = tf.where(_chance(0.25), tf.random.uniform([], 0, 14), 0.0)
    crop = tf.clip_by_value(crop + tf.random.normal(tf.shape(crop)) * sigma, 0, 255)
    return tf.cond(_chance(0.4), lambda: _jpeg(crop), lambda: crop)


def _low_resolution(crop: tf.Tensor) -> tf.Tensor:
    side = crop.shape[0]
    low, high = math.log(10), math.log(side)
    small = tf.cast(tf.exp(tf.random.uniform([], low, high)), tf.int32)
    reduced = tf.image.resize(crop, [small, small], antialias=True)
    return tf.image.resize(reduced, [side, side])


def _motion(crop: tf.Tensor) -> tf.Tensor:
    """Apply motion blur: average copies shifted along one direction."""
    direction = tf.random.uniform([2], -1.8, 1.8)
    copies = [_shifted(crop, direction * step) for step in (-1.0, -0.5, 0.5, 1.0)]
    return (crop + tf.add_n(copies)) / 5


def _shifted(crop: tf.Tensor, by: tf.Tensor) -> tf.Tensor:
    row = tf.stack([1.0, 0.0, by[0], 0.0, 1.0, by[1], 0.0, 0.0])[None]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=crop[None],
        transforms=row,
        output_shape=crop.shape[:2],
        interpolation="BILINEAR",
        fill_mode="NEAREST",
        fill_value=0.0,
    )[0]


def _jpeg(crop: tf.Tensor) -> tf.Tensor:
    quality = tf.random.uniform([], 20, 95, tf.int32)
    return tf.image.adjust_jpeg_quality(crop / 255, quality) * 255


def augment(crop: tf.Tensor, size: int, context: float) -> tf.Tensor:
    """Apply all augmentations."""
    crop = jitter(cut_edges(turn(crop)), size, context)
    crop = degrade(recolor(crop))
    return tf.ensure_shape(tf.clip_by_value(crop, 0, 255), [size, size, 3])
