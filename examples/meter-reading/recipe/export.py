"""Writes a trained network as ONNX, with its batch normalization left as nodes and no trace of when it was made."""

import io
from pathlib import Path

import onnx
import torch

from model import MeterNet

OPSET = 15
IR_VERSION = 8

METADATA = {"edgewise.family": "meter", "edgewise.licence": "Apache-2.0"}


def export_onnx(net: MeterNet, width: int, resolution_px: int, path: Path) -> None:
    """Input `image` [1, 1, R, R] float32, output `logits` [1, 10]."""
    net.eval()
    buffer = io.BytesIO()
    torch.onnx.export(
        net,
        torch.zeros(1, 1, resolution_px, resolution_px),
        buffer,
        input_names=["image"],
        output_names=["logits"],
        opset_version=OPSET,
        # PRESERVE keeps the statistics of eval() and, unlike EVAL, does not fold them into the convolutions.
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
    )
    model = onnx.load_from_string(buffer.getvalue())
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version = "edgewise meter-reading recipe", "1"
    model.doc_string = "Reads one digit of a utility meter's counter wheel."
    model.graph.name = f"meter-w{width}-{resolution_px}"
    for node in model.graph.node:
        node.doc_string = ""
    properties = METADATA | {"edgewise.width": f"w{width}", "edgewise.resolution": f"{resolution_px}x{resolution_px}"}
    del model.metadata_props[:]
    onnx.helper.set_model_props(model, dict(sorted(properties.items())))
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
