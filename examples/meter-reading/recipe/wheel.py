"""Geometry: what a camera sees of one counter wheel behind its window, before light and dirt.

Coordinates: the crop spans x, y in [-1, 1]; y points down. Along the wheel, digits follow each other in
counting order, so a wheel that has started to turn shows the next digit coming in from below.
"""

import numpy as np

from fonts import CELL_HEIGHT_PX, CELL_WIDTH_PX, DIGIT_HEIGHT_PX

CROP_PX = 48
SAMPLES_PER_PX = 2  # along each axis; averaged away at the end


def render_wheel(masks: np.ndarray, digit: int, rng: np.random.Generator) -> np.ndarray:
    """Draws one crop.

    masks [10, CELL_HEIGHT_PX, CELL_WIDTH_PX] in [0, 1] -> luminance [CROP_PX, CROP_PX] float64, about 0..1.
    """
    x, y = _camera(rng)
    column_pitch = rng.uniform(2.0, 2.5)  # wheels stand side by side
    column = np.clip(np.rint(x / column_pitch), -1, 1).astype(int)
    gap = rng.uniform(0.02, 0.10)
    in_gap = np.abs(x - column * column_pitch) > column_pitch / 2 - gap

    # A wheel is a cylinder: equal angles get shorter towards the upper and lower edge.
    bend = rng.uniform(0.3, 0.8)
    along = np.arcsin(np.clip(y * bend, -1, 1)) / bend

    digit_height = rng.uniform(1.2, 1.6)
    row_pitch = digit_height * rng.uniform(1.25, 1.6)
    neighbours = rng.integers(0, 10, size=3)
    neighbours[1] = digit
    rolls = rng.uniform(-0.3, 0.3, size=3)
    rolls[1] = _roll(rng)
    position = along / row_pitch + rolls[column + 1]
    row = np.rint(position)
    shown = (neighbours[column + 1] + row.astype(int)) % 10

    px_per_unit = DIGIT_HEIGHT_PX / digit_height
    widening = rng.uniform(0.85, 1.15)
    cell_y = (position - row) * row_pitch * px_per_unit + CELL_HEIGHT_PX / 2 - 0.5
    cell_x = (x - column * column_pitch) * px_per_unit / widening + CELL_WIDTH_PX / 2 - 0.5
    ink = _sample(masks, shown, cell_y, cell_x)

    wheel_tone, ink_tone = _tones(rng)
    image = wheel_tone + (ink_tone - wheel_tone) * ink * rng.uniform(0.8, 1.0)
    image = np.where(in_gap, wheel_tone * rng.uniform(0.2, 0.6), image)
    image = image * (1 - rng.uniform(0.05, 0.5) * np.clip(y, -1, 1) ** 2)
    image = _window(image, (x, y), rng)
    return image.reshape(CROP_PX, SAMPLES_PER_PX, CROP_PX, SAMPLES_PER_PX).mean(axis=(1, 3))


def _camera(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Crop coordinates seen through rotation, scale, shear, shift and perspective; each [S, S]."""
    side = CROP_PX * SAMPLES_PER_PX
    axis = (np.arange(side) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis, axis)
    angle = np.deg2rad(rng.normal(0, 3.5))
    shear = rng.normal(0, 0.05)
    scale_x, scale_y = rng.uniform(0.92, 1.13, size=2)
    shift_x, shift_y = rng.normal(0, 0.06, size=2)
    tilt_x, tilt_y = rng.normal(0, 0.05, size=2)
    depth = 1 + tilt_x * x + tilt_y * y
    turned_x = np.cos(angle) * x - np.sin(angle) * y
    turned_y = np.sin(angle) * x + np.cos(angle) * y
    return (
        (scale_x * turned_x + shear * turned_y + shift_x) / depth,
        (scale_y * turned_y + shift_y) / depth,
    )


def _roll(rng: np.random.Generator) -> float:
    """How far the wheel has turned away from the digit, in digits; below 0.5 the digit is still the answer."""
    if rng.random() < 0.6:
        return float(np.clip(rng.normal(0, 0.05), -0.12, 0.12))
    return float(rng.uniform(-0.27, 0.27))


def _tones(rng: np.random.Generator) -> tuple[float, float]:
    """Luminance of (wheel, ink): black wheels, white wheels, and red decimal wheels as a gray camera sees them."""
    kind = rng.choice(3, p=[0.5, 0.25, 0.25])
    if kind == 0:
        return rng.uniform(0.03, 0.25), rng.uniform(0.65, 1.0)
    if kind == 1:
        return rng.uniform(0.65, 1.0), rng.uniform(0.03, 0.25)
    return rng.uniform(0.22, 0.42), rng.uniform(0.7, 1.0)


def _window(image: np.ndarray, at: tuple[np.ndarray, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Covers what lies outside the window with its frame, and lets the frame throw a shadow from above."""
    x, y = at
    left, right = -rng.uniform(0.86, 1.5), rng.uniform(0.86, 1.5)
    top, bottom = -rng.uniform(0.86, 1.3), rng.uniform(0.86, 1.3)
    shadow = rng.uniform(0, 0.6) * np.exp(-np.clip(y - top, 0, None) / rng.uniform(0.05, 0.25))
    frame_tone = rng.uniform(0.05, 0.9)
    outside = (x < left) | (x > right) | (y < top) | (y > bottom)
    return np.where(outside, frame_tone, image * (1 - shadow))


def _sample(masks: np.ndarray, cell: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Bilinear lookup masks[cell, y, x]; 0 outside the cell. All index arrays [S, S]."""
    y0, x0 = np.floor(y).astype(int), np.floor(x).astype(int)
    fy, fx = y - y0, x - x0
    total = np.zeros_like(y)
    for dy, wy in ((0, 1 - fy), (1, fy)):
        for dx, wx in ((0, 1 - fx), (1, fx)):
            yi, xi = y0 + dy, x0 + dx
            inside = (yi >= 0) & (yi < CELL_HEIGHT_PX) & (xi >= 0) & (xi < CELL_WIDTH_PX)
            value = masks[cell, np.clip(yi, 0, CELL_HEIGHT_PX - 1), np.clip(xi, 0, CELL_WIDTH_PX - 1)]
            total += np.where(inside, value, 0) * wy * wx
    return total
