"""Speed of our files beside the corpus' own for the same networks: native LiteRT with XNNPACK, pairwise in one run.

Usage: npm run build; node bench/litert/emit.mjs FOLDER
       conformance/litert/.venv/bin/python bench/litert/speed.py FOLDER [SECONDS] > bench/results/litert-speed.json
SECONDS for each network and count of threads, 2 by default (about 100 s in all), and up to six times as many while the interval
is wider than 0.04. A machine that does nothing else gives narrow intervals; any machine gives fair ones, because both files
are timed in turn within milliseconds.

One round: ours, theirs, theirs, ours (or the other way about), each a few runs for a millisecond. Interpreters are opened anew
several times, either first in turn, for memory falls elsewhere each time. A time is the fifth part from below of all
rounds': what the machine takes when nobody else has it. The ratio is their time over ours, so 1.02 is 2 % faster than the
corpus' own; its interval is the bootstrap's 95 %, by rounds.
"""
import importlib.metadata
import json
import math
import pathlib
import platform
import sys
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter

OPENINGS = 4
MAX_OPENINGS = 24
WIDTH = 0.04
BLOCK_S = 0.001
MIN_ROUNDS = 40
RESAMPLES = 2000
QUANTILE = 0.2


def opened(path, threads):
    interpreter = Interpreter(model_path=str(path), num_threads=threads)
    interpreter.allocate_tensors()
    rng = np.random.default_rng(1)
    for port in interpreter.get_input_details():
        kind = np.dtype(port["dtype"])
        limits = np.iinfo(kind) if kind.kind in "iu" else None
        numbers = rng.integers(limits.min, limits.max + 1, port["shape"]) if limits else rng.random(port["shape"])
        interpreter.set_tensor(port["index"], numbers.astype(kind))
    interpreter.invoke()
    return interpreter


def timed(interpreter, runs):
    start = time.perf_counter()
    for _ in range(runs):
        interpreter.invoke()
    return (time.perf_counter() - start) / runs


def rounds_of(ours, theirs, seconds):
    """Seconds a run, [ours, theirs], one row a round."""
    runs = max(1, math.ceil(BLOCK_S / max(1e-6, min(timed(theirs, 3), timed(theirs, 3)))))
    rows, end = [], time.perf_counter() + seconds
    while len(rows) < MIN_ROUNDS / OPENINGS or time.perf_counter() < end:
        first, second = (ours, theirs) if len(rows) % 2 == 0 else (theirs, ours)
        a, b, c, d = timed(first, runs), timed(second, runs), timed(second, runs), timed(first, runs)
        one, other = min(a, d), min(b, c)
        rows.append((one, other) if first is ours else (other, one))
    return rows


def interval(times):
    picks = np.random.default_rng(1).integers(0, len(times), (RESAMPLES, len(times)))
    quick = np.quantile(times[picks], QUANTILE, axis=1)
    return np.percentile(quick[:, 1] / quick[:, 0], [2.5, 97.5])


def measure(folder, pair, threads, seconds):
    rows, opening, low, high = [], 0, 0.0, math.inf
    while opening < OPENINGS or (opening < MAX_OPENINGS and high - low > WIDTH):
        paths = [folder / f"{pair['name']}.{side}.tflite" for side in ("ours", "corpus")]
        made = [opened(path, threads) for path in (paths if opening % 2 == 0 else paths[::-1])]
        ours, theirs = made if opening % 2 == 0 else made[::-1]
        rows += rounds_of(ours, theirs, seconds / OPENINGS)
        opening += 1
        low, high = interval(np.array(rows))
    us = np.quantile(np.array(rows), QUANTILE, axis=0) * 1e6
    return {
        "model": pair["model"], "precision": pair["precision"], "threads": threads, "rounds": len(rows),
        "oursUs": round(float(us[0]), 1), "corpusUs": round(float(us[1]), 1),
        "ratio": round(float(us[1] / us[0]), 4), "low": round(float(low), 4), "high": round(float(high), 4),
    }


def cpu_name():
    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main(folder, seconds):
    pairs = json.loads((folder / "pairs.json").read_text())
    rows = []
    for pair in pairs:
        for threads in (1, 2):
            rows.append(measure(folder, pair, threads, seconds))
            print(json.dumps(rows[-1]), file=sys.stderr)
    print(json.dumps({
        "what": "speed of our file over the corpus' own for the same network, by the fifth part from below of interleaved rounds, with the bootstrap's 95 % interval",
        "runtime": f"ai-edge-litert {importlib.metadata.version('ai-edge-litert')}, XNNPACK", "cpu": cpu_name(),
        "sizes": [{key: pair[key] for key in ("model", "precision", "oursBytes", "corpusBytes")} for pair in pairs],
        "networks": rows,
    }, indent=2))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 2.0)
