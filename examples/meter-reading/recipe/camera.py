"""What light, dirt, glass and a cheap sensor do to a clean view. All images [CROP_PX, CROP_PX], about 0..1."""

import numpy as np

from wheel import CROP_PX

_AXIS = (np.arange(CROP_PX) + 0.5) / CROP_PX * 2 - 1
_X, _Y = np.meshgrid(_AXIS, _AXIS)


def photograph(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Clean view [CROP_PX, CROP_PX] float -> photograph [CROP_PX, CROP_PX] uint8."""
    image = _dirt(image, rng)
    image = _light(image, rng)
    image = _fog(image, rng)
    image = _glare(image, rng)
    image = _blur(image, rng)
    image = np.clip(image, 0, 1) ** rng.uniform(0.7, 1.4)  # exposure and the camera's own curve
    image = image + rng.normal(0, rng.uniform(0.003, 0.03), size=image.shape)
    return np.floor(np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def _dirt(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blotches, specks and scratches on the glass."""
    image = image * (1 - rng.uniform(0, 0.3) * _clouds(rng, 7))
    if rng.random() < 0.45:
        for _ in range(rng.integers(1, 6)):
            at_x, at_y = rng.uniform(-1, 1, size=2)
            radius = rng.uniform(0.02, 0.13)
            spot = np.exp(-(((_X - at_x) ** 2 + (_Y - at_y) ** 2) / radius**2) ** 2)
            image = image + (rng.uniform(0, 0.5) - image) * spot * rng.uniform(0.4, 0.95)
    if rng.random() < 0.2:
        angle = rng.uniform(0, np.pi)
        distance = np.abs(_X * np.cos(angle) + _Y * np.sin(angle) - rng.uniform(-0.8, 0.8))
        image = image + rng.choice([-0.4, 0.4]) * np.exp(-((distance / 0.03) ** 2))
    return image


def _light(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A lamp from one side, and sometimes the edge of a shadow."""
    slope_x, slope_y = rng.normal(0, 0.18, size=2)
    image = image * np.clip(rng.uniform(0.6, 1.05) + slope_x * _X + slope_y * _Y, 0.12, None)
    if rng.random() < 0.25:
        angle = rng.uniform(0, 2 * np.pi)
        side = _X * np.cos(angle) + _Y * np.sin(angle) - rng.uniform(-0.6, 0.6)
        image = image * (1 - rng.uniform(0.3, 0.65) / (1 + np.exp(-side / rng.uniform(0.02, 0.2))))
    return image


def _fog(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Condensation: a gray veil that takes contrast."""
    if rng.random() > 0.35:
        return image
    veil = rng.uniform(0.1, 0.5) * (0.6 + 0.4 * _clouds(rng, 4))
    return image + (rng.uniform(0.35, 0.75) - image) * veil


def _glare(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A lamp mirrored by the glass: a bright spot, or a band across the wheel."""
    if rng.random() > 0.35:
        return image
    at_x, at_y = rng.uniform(-1, 1, size=2)
    wide_x, wide_y = rng.uniform(0.12, 0.45, size=2)
    if rng.random() < 0.35:
        wide_x, wide_y = 8.0, rng.uniform(0.05, 0.14)
    spot = np.exp(-(((_X - at_x) / wide_x) ** 2) - ((_Y - at_y) / wide_y) ** 2)
    return image + rng.uniform(0.2, 0.65) * spot


def _blur(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Out of focus, and sometimes a hand or the wheel moved along one axis."""
    focus_px = rng.uniform(0.25, 1.3)
    move_y_px, move_x_px = rng.uniform(0, 1.6, size=2) * (rng.random(size=2) < 0.2)
    rows = _gaussian(float(np.hypot(focus_px, move_y_px)))
    columns = _gaussian(float(np.hypot(focus_px, move_x_px)))
    return rows @ image @ columns.T


def _gaussian(sigma_px: float) -> np.ndarray:
    """Blur along one axis as a matrix [CROP_PX, CROP_PX] whose rows sum to 1, also at the border."""
    distance_px = np.arange(CROP_PX)[:, None] - np.arange(CROP_PX)[None, :]
    weight = np.exp(-0.5 * (distance_px / sigma_px) ** 2)
    return weight / weight.sum(axis=1, keepdims=True)


def _clouds(rng: np.random.Generator, knots: int) -> np.ndarray:
    """Smooth noise in [0, 1]: a knots x knots grid, interpolated linearly to [CROP_PX, CROP_PX]."""
    at = np.linspace(0, knots - 1, CROP_PX)
    matrix = np.clip(1 - np.abs(at[:, None] - np.arange(knots)[None, :]), 0, None)
    return matrix @ rng.random((knots, knots)) @ matrix.T
