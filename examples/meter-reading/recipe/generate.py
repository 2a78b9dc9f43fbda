"""Makes the images. `python generate.py` writes data/eval and data/calib; training images stay in memory.

Every image has its own generator, seeded with [split seed, index]: same seed, same pixels, in any order.
"""

import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from camera import photograph
from fonts import HELD_OUT_FACES, SEEN_FACES, Face, digit_masks
from wheel import CROP_PX, render_wheel

EXAMPLE_ROOT = Path(__file__).resolve().parent.parent

TRAIN_SEED, EVAL_SEED, CALIB_SEED = 11, 23, 37
EVAL_PER_CLASS = 100
CALIB_COUNT = 200


def make_image(seed: int, index: int, faces: tuple[Face, ...]) -> np.ndarray:
    """The image of digit `index % 10`: [CROP_PX, CROP_PX] uint8."""
    rng = np.random.default_rng([seed, index])
    face = faces[rng.integers(len(faces))]
    return photograph(render_wheel(digit_masks(face), index % 10, rng), rng)


def make_training_set(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Images [count, CROP_PX, CROP_PX] uint8 and labels [count] int64; seen faces only."""
    images = np.empty((count, CROP_PX, CROP_PX), np.uint8)
    for index in range(count):
        images[index] = make_image(TRAIN_SEED, index, SEEN_FACES)
    return images, np.arange(count) % 10


def is_held_out(number: int) -> bool:
    """Whether evaluation image `number` of a class uses a face that training never saw: the second half does."""
    return number >= EVAL_PER_CLASS // 2


def write_eval(folder: Path) -> None:
    """folder/<digit>/<number>.png, EVAL_PER_CLASS of each."""
    _fresh(folder)
    for digit in range(10):
        (folder / str(digit)).mkdir()
        for number in range(EVAL_PER_CLASS):
            faces = HELD_OUT_FACES if is_held_out(number) else SEEN_FACES
            image = make_image(EVAL_SEED, number * 10 + digit, faces)
            _write_png(image, folder / str(digit) / f"{number:03d}.png")


def write_calib(folder: Path) -> None:
    """folder/<number>.png, unlabelled; seen faces only, so calibration learns nothing of the held-out ones."""
    _fresh(folder)
    for number in range(CALIB_COUNT):
        _write_png(make_image(CALIB_SEED, number, SEEN_FACES), folder / f"{number:03d}.png")


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _write_png(image: np.ndarray, path: Path) -> None:
    Image.fromarray(image, mode="L").save(path, optimize=True)


if __name__ == "__main__":
    write_eval(EXAMPLE_ROOT / "data" / "eval")
    write_calib(EXAMPLE_ROOT / "data" / "calib")
