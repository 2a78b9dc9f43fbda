"""Measures every exported model on data/eval with ONNX Runtime; writes accuracy.csv and README.md's table."""

import csv
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from PIL import Image

from generate import EXAMPLE_ROOT, is_held_out
from resize import to_input

CSV_PATH = EXAMPLE_ROOT / "recipe" / "accuracy.csv"
README_PATH = EXAMPLE_ROOT / "recipe" / "README.md"
TABLE_START, TABLE_END = "<!-- accuracy.csv starts -->", "<!-- accuracy.csv ends -->"

COLUMNS = ("file", "width", "resolution", "parameters", "macs", "correct", "n")


@dataclass(frozen=True)
class EvalSet:
    images: np.ndarray  # [N, S, S] uint8
    labels: np.ndarray  # [N] int64
    held_out: np.ndarray  # [N] bool: the font face was not used in training


def load_eval(folder: Path) -> EvalSet:
    """folder/<label>/<number>.png, in path order."""
    paths = sorted(folder.glob("*/*.png"))
    return EvalSet(
        images=np.stack([np.asarray(Image.open(path)) for path in paths]),
        labels=np.array([int(path.parent.name) for path in paths]),
        held_out=np.array([is_held_out(int(path.stem)) for path in paths]),
    )


def answers(path: Path, inputs: np.ndarray) -> np.ndarray:
    """Index of the largest logit, the first one on a tie; inputs [N, 1, R, R] float32, run one by one -> [N] int64."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return np.array([session.run(["logits"], {"image": one[None]})[0].argmax() for one in inputs])


def count_parameters(model: onnx.ModelProto) -> int:
    """Learned numbers of the convolutions and the dense layer, plus one bias per channel that batch
    normalization becomes when it is fused (its other three vectors disappear into weights and bias)."""
    sizes = {tensor.name: prod(tensor.dims) for tensor in model.graph.initializer}
    total = 0
    for node in model.graph.node:
        if node.op_type in ("Conv", "Gemm"):
            total += sum(sizes[name] for name in node.input[1:])
        if node.op_type == "BatchNormalization":
            total += sizes[node.input[2]]
    return total


def count_macs(model: onnx.ModelProto) -> int:
    """Multiply-accumulates of the convolutions and the dense layer; padding counts as work."""
    inferred = onnx.shape_inference.infer_shapes(model)
    values = [*inferred.graph.value_info, *inferred.graph.output]
    shapes = {value.name: [d.dim_value for d in value.type.tensor_type.shape.dim] for value in values}
    weights = {tensor.name: tensor.dims for tensor in model.graph.initializer}
    total = 0
    for node in model.graph.node:
        if node.op_type == "Conv":
            total += prod(shapes[node.output[0]]) * prod(weights[node.input[1]][1:])
        if node.op_type == "Gemm":
            total += prod(weights[node.input[1]])
    return total


def measure(path: Path, data: EvalSet) -> dict[str, str | int]:
    """One row of accuracy.csv, and two counts more for the table."""
    model = onnx.load(path)
    properties = {entry.key: entry.value for entry in model.metadata_props}
    resolution_px = int(properties["edgewise.resolution"].split("x")[0])
    correct = answers(path, to_input(data.images, resolution_px)) == data.labels
    return {
        "file": path.name,
        "width": properties["edgewise.width"],
        "resolution": properties["edgewise.resolution"],
        "parameters": count_parameters(model),
        "macs": count_macs(model),
        "correct": int(correct.sum()),
        "n": len(correct),
        "correct_held_out": int(correct[data.held_out].sum()),
        "n_held_out": int(data.held_out.sum()),
    }


def table(rows: list[dict[str, str | int]]) -> str:
    """The rows as a Markdown table, accuracy in percent."""
    lines = [
        "| model | parameters | MACs | correct | top-1 | top-1, faces not in training |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        top1 = f"{100 * row['correct'] / row['n']:.1f} %"
        top1_held_out = f"{100 * row['correct_held_out'] / row['n_held_out']:.1f} %"
        work = f"{row['parameters']:,} | {row['macs']:,}"
        lines.append(f"| `{row['file']}` | {work} | {row['correct']} / {row['n']} | {top1} | {top1_held_out} |")
    return "\n".join(lines)


def main() -> None:
    data = load_eval(EXAMPLE_ROOT / "data" / "eval")
    paths = (EXAMPLE_ROOT / "models").glob("meter-*.onnx")
    rows = [measure(path, data) for path in paths]
    rows.sort(key=lambda row: (int(row["width"][1:]), row["resolution"]))
    with CSV_PATH.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    before, rest = README_PATH.read_text().split(TABLE_START)
    after = rest.split(TABLE_END)[1]
    README_PATH.write_text(f"{before}{TABLE_START}\n{table(rows)}\n{TABLE_END}{after}")
    print(table(rows))


if __name__ == "__main__":
    main()
