"""Judges .mlpackage folders with Apple's own code: coremltools and its public protobuf definitions.

Usage: python judge.py cases.json    prints one JSON line for each case, in order

A case is {"name", "package": folder, "bound": {"relative", "absolute"}, "weights":
[{"node", "shape", "file"}]}, where each file holds little-endian float32 numbers: what each layer that multiplies was promised to multiply by, in the
order of the layers.

For each case:
  - the package is opened by coremltools' package library, the model decoded by the public definitions, and no field of it
    may be unknown to them;
  - every operation is built anew by coremltools' MIL frontend, which infers the types of its results and compares them
    with the declared ones;
  - the weights, decompressed by coremltools, are compared with what was promised.
"""

import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("TQDM_DISABLE", "1")

import logging

logging.disable(logging.WARNING)

import coremltools as ct
import numpy as np
from coremltools.converters.mil.frontend.milproto.load import load
from coremltools.libmodelpackage import ModelPackage
from coremltools.models.utils import load_spec
from google.protobuf.unknown_fields import UnknownFieldSet

WEIGHTS = {"conv": "weight", "conv_transpose": "weight", "linear": "weight", "matmul": "y"}


def unknown_fields(message, path="model"):
    """Paths of messages with fields that the public definitions do not have."""
    found = [path] if len(UnknownFieldSet(message)) > 0 else []
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            if field.message_type.fields_by_name["value"].message_type is not None:
                for key in value:
                    found += unknown_fields(value[key], f"{path}.{field.name}[{key}]")
        elif field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED:
            for index, item in enumerate(value):
                found += unknown_fields(item, f"{path}.{field.name}[{index}]")
        else:
            found += unknown_fields(value, f"{path}.{field.name}")
    return found


def decompressed(var):
    """The numbers of a constant or compressed constant; None for what is computed."""
    if var.val is not None:
        return np.asarray(var.val)
    if var.op is not None and var.op.op_type.startswith("constexpr_"):
        return np.asarray(var.op.materialized_val_inference())
    return None


def stored_type(var):
    """Type of the stored numbers."""
    if var.op is None or not var.op.op_type.startswith("constexpr_"):
        return str(np.asarray(var.val).dtype) if var.val is not None else "computed"
    inner = getattr(var.op, "quantized_data", None) or getattr(var.op, "indices", None) or getattr(var.op, "data", None)
    return f"{var.op.op_type}:{np.asarray(inner.val).dtype if inner is not None else 'unknown'}"


def compare(found, promised, bound):
    """Largest difference as a share of the bound, as it lies or transposed: layers of matrices may hold them either way.

    0 is equal; at most 1 is within relative * |promised| + absolute; None: other shapes.
    """
    forms = [found] if found.shape == promised.shape else []
    if found.ndim == 2 and found.T.shape == promised.shape:
        forms.append(found.T)
    if not forms:
        return None
    limit = bound["relative"] * np.abs(promised) + bound["absolute"]
    shares = []
    for form in forms:
        difference = np.abs(form.astype(np.float64) - promised)
        shares.append(float(np.max(np.divide(difference, limit, out=np.where(difference > 0, np.inf, 0.0), where=limit > 0))))
    return min(shares)


def judged(case):
    package = case["package"]
    spec = load_spec(package)
    ModelPackage(package)
    ct.models.MLModel(package, skip_model_load=True)
    unknown = unknown_fields(spec)
    weights_dir = os.path.join(package, "Data", "com.apple.CoreML", "weights")
    program = load(spec, spec.specificationVersion, weights_dir if os.path.isdir(weights_dir) else "")
    block = program.functions["main"]
    operations = [op for op in block.operations if op.op_type != "const"]
    layers = []
    for op in operations:
        if op.op_type in WEIGHTS:
            var = op.inputs[WEIGHTS[op.op_type]]
            numbers = decompressed(var)
            if numbers is not None:
                layers.append((op, var, numbers))
    weights = []
    for index, promise in enumerate(case["weights"]):
        promised = np.fromfile(promise["file"], dtype="<f4").reshape(promise["shape"]).astype(np.float64)
        if index >= len(layers):
            weights.append({"node": promise["node"], "op": None, "stored": None, "computed": None, "ofBound": None})
            continue
        op, var, numbers = layers[index]
        share = compare(numbers, promised, case["bound"])
        share = None if share is None else share if np.isfinite(share) else 1e300
        weights.append({"node": promise["node"], "op": op.op_type, "stored": stored_type(var), "computed": str(numbers.dtype), "ofBound": share})
    labels = None
    for op in operations:
        if op.op_type == "classify":
            labels = [str(label) for label in op.classes.val]
    return {
        "name": case["name"], "specificationVersion": spec.specificationVersion, "opset": str(block.opset_version), "unknownFields": unknown,
        "operations": [op.op_type for op in operations], "layers": len(layers), "weights": weights, "labels": labels,
        "inputs": [feature.name for feature in spec.description.input], "outputs": [feature.name for feature in spec.description.output],
    }


def main():
    with open(sys.argv[1], encoding="utf8") as file:
        cases = json.load(file)
    for case in cases:
        try:
            answer = judged(case)
        except Exception as error:  # whatever coremltools refuses with is the verdict
            answer = {"name": case["name"], "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
