"""The one resize of the input contract: area average, square to square.

Output pixel i covers the interval [i * S / R, (i + 1) * S / R) of an input axis with S pixels. Its value is the
mean of the input over that interval in both axes, where a pixel that is covered in part counts in part. The mean
is computed exactly and rounded half up to an integer, once, at the end.

Exactly: with coverage in units of 1/R pixel every weight is an integer, and the weights of one output pixel sum to
S * S. So the rounded value is floor((2 * sum + S * S) / (2 * S * S)) with integers only, on every machine.
48 -> 24 and 48 -> 16 are plain means of 2 x 2 and 3 x 3 pixels; 48 -> 32 mixes whole and half pixels.
"""

import numpy as np


def coverage(source_px: int, target_px: int) -> np.ndarray:
    """Covered length of each source pixel, in units of 1/target_px.

    Returns [target_px, source_px] int64; every row sums to source_px.
    """
    start = np.arange(target_px)[:, None] * source_px
    pixel = np.arange(source_px)[None, :] * target_px
    overlap = np.minimum(start + source_px, pixel + target_px) - np.maximum(start, pixel)
    return np.clip(overlap, 0, None)


def resize_area(images: np.ndarray, target_px: int) -> np.ndarray:
    """images [..., S, S] uint8 -> [..., target_px, target_px] uint8; target_px <= S."""
    source_px = images.shape[-1]
    weight = coverage(source_px, target_px)
    total = weight @ images.astype(np.int64) @ weight.T
    return ((2 * total + source_px**2) // (2 * source_px**2)).astype(np.uint8)


def to_input(images: np.ndarray, target_px: int) -> np.ndarray:
    """Grayscale crops [N, S, S] uint8 -> model input [N, 1, target_px, target_px] float32, pixel / 255."""
    resized = resize_area(images, target_px).astype(np.float32)
    return (resized / np.float32(255))[:, None]
