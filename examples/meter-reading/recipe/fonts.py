"""The font faces the wheels are printed with, and which of them training never sees."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT_ROOT = Path("/usr/share/fonts")  # where the Debian packages put their files

CELL_HEIGHT_PX = 80
CELL_WIDTH_PX = 96  # the widest bold digit, scaled to DIGIT_HEIGHT_PX, needs 60
DIGIT_HEIGHT_PX = 64


@dataclass(frozen=True)
class Face:
    package: str  # Debian package, named in README.md with its licence
    path: str  # below FONT_ROOT


SEEN_FACES = (
    Face("fonts-b612", "opentype/b612/B612-Regular.otf"),
    Face("fonts-b612", "opentype/b612/B612-Bold.otf"),
    Face("fonts-dejavu-core", "truetype/dejavu/DejaVuSans.ttf"),
    Face("fonts-dejavu-core", "truetype/dejavu/DejaVuSans-Bold.ttf"),
    Face("fonts-dejavu-core", "truetype/dejavu/DejaVuSerif-Bold.ttf"),
    Face("fonts-liberation", "truetype/liberation/LiberationSans-Regular.ttf"),
    Face("fonts-liberation", "truetype/liberation/LiberationSans-Bold.ttf"),
    Face("fonts-liberation", "truetype/liberation/LiberationSansNarrow-Regular.ttf"),
    Face("fonts-liberation", "truetype/liberation/LiberationSansNarrow-Bold.ttf"),
    Face("fonts-liberation", "truetype/liberation/LiberationSerif-Bold.ttf"),
    Face("fonts-noto-mono", "truetype/noto/NotoMono-Regular.ttf"),
    Face("fonts-roboto-slab", "opentype/roboto/slab/RobotoSlab-Regular.otf"),
    Face("fonts-roboto-slab", "opentype/roboto/slab/RobotoSlab-Bold.otf"),
    Face("fonts-roboto-unhinted", "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf"),
    Face("fonts-roboto-unhinted", "truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf"),
    Face("fonts-roboto-unhinted", "truetype/roboto/unhinted/RobotoCondensed-Regular.ttf"),
    Face("fonts-roboto-unhinted", "truetype/roboto/unhinted/RobotoCondensed-Bold.ttf"),
)

# Whole families, not only weights: half of the evaluation images use these and training uses none.
HELD_OUT_FACES = (
    Face("fonts-lato", "truetype/lato/Lato-Regular.ttf"),
    Face("fonts-lato", "truetype/lato/Lato-Bold.ttf"),
    Face("fonts-open-sans", "truetype/open-sans/OpenSans-Semibold.ttf"),
    Face("fonts-open-sans", "truetype/open-sans/OpenSans-CondBold.ttf"),
)


@cache
def digit_masks(face: Face) -> np.ndarray:
    """Ink coverage of the ten digits, each centred in its cell.

    Returns [10, CELL_HEIGHT_PX, CELL_WIDTH_PX] float32 in [0, 1]; every digit is DIGIT_HEIGHT_PX tall.
    """
    path = str(FONT_ROOT / face.path)
    probe = ImageFont.truetype(path, 200)
    top, bottom = probe.getbbox("0")[1], probe.getbbox("0")[3]
    font = ImageFont.truetype(path, round(200 * DIGIT_HEIGHT_PX / (bottom - top)))
    middle_px = sum(font.getbbox("0")[1::2]) / 2
    cells = []
    for digit in "0123456789":
        left, _, right, _ = font.getbbox(digit)
        cell = Image.new("L", (CELL_WIDTH_PX, CELL_HEIGHT_PX), 0)
        origin = ((CELL_WIDTH_PX - left - right) / 2, CELL_HEIGHT_PX / 2 - middle_px)
        ImageDraw.Draw(cell).text(origin, digit, font=font, fill=255)
        cells.append(np.asarray(cell, dtype=np.float32) / 255)
    return np.stack(cells)
