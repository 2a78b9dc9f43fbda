"""One command from nothing to everything: `python train.py` makes data, trains, exports, and evaluates.

`python train.py w16-24` trains one member only (the numbers are the same either way), for use on several cores.
"""

import sys
import time

import numpy as np
import torch
from torch.nn.functional import cross_entropy

import evaluate
from export import export_onnx
from generate import EXAMPLE_ROOT, make_training_set, write_calib, write_eval
from model import RESOLUTIONS_PX, WIDTHS, MeterNet
from resize import to_input

TRAIN_COUNT = 30_000
EPOCHS = 18
BATCH = 128
PEAK_LEARNING_RATE = 6e-3
WEIGHT_DECAY = 1e-4
SHIFT_PX = 1  # at the model's resolution


def train(width: int, resolution_px: int, images: np.ndarray, labels: np.ndarray) -> MeterNet:
    """images [N, S, S] uint8, labels [N] int64 -> trained network; same seed and same weights every time."""
    torch.manual_seed(1000 * width + resolution_px)
    net = MeterNet(width).train()
    inputs, targets = torch.from_numpy(to_input(images, resolution_px)), torch.from_numpy(labels)
    optimizer = torch.optim.AdamW(net.parameters(), PEAK_LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    batches_per_epoch = len(inputs) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_LEARNING_RATE, total_steps=EPOCHS * batches_per_epoch, pct_start=0.2
    )
    for epoch in range(EPOCHS):
        started_s, total_loss = time.monotonic(), 0.0
        order = torch.randperm(len(inputs))
        for batch in order[: batches_per_epoch * BATCH].split(BATCH):
            loss = cross_entropy(net(shifted(inputs[batch])), targets[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total_loss += loss.item()
        mean_loss, took_s = total_loss / batches_per_epoch, time.monotonic() - started_s
        print(f"w{width}-{resolution_px} epoch {epoch + 1:2d} loss {mean_loss:.4f} {took_s:.0f} s", flush=True)
    return net


def shifted(batch: torch.Tensor) -> torch.Tensor:
    """The whole batch [N, 1, R, R] moved by up to SHIFT_PX each way; the border repeats."""
    size_px = batch.shape[-1]
    padded = torch.nn.functional.pad(batch, [SHIFT_PX] * 4, mode="replicate")
    down, right = torch.randint(0, 2 * SHIFT_PX + 1, (2,)).tolist()
    return padded[:, :, down : down + size_px, right : right + size_px]


def main(wanted: list[str]) -> None:
    torch.set_num_threads(1)  # sums of floats depend on how they are split
    torch.use_deterministic_algorithms(True)
    images, labels = make_training_set(TRAIN_COUNT)
    (EXAMPLE_ROOT / "models").mkdir(exist_ok=True)
    for width in WIDTHS:
        for resolution_px in RESOLUTIONS_PX:
            name = f"w{width}-{resolution_px}"
            if wanted and name not in wanted:
                continue
            net = train(width, resolution_px, images, labels)
            export_onnx(net, width, resolution_px, EXAMPLE_ROOT / "models" / f"meter-{name}.onnx")
    if wanted:
        return
    write_eval(EXAMPLE_ROOT / "data" / "eval")
    write_calib(EXAMPLE_ROOT / "data" / "calib")
    evaluate.main()


if __name__ == "__main__":
    main(sys.argv[1:])
