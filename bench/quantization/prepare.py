"""Inputs and onnxruntime's own static int8 models for bench/quantization/compare.mjs.

Usage: python prepare.py CORPUS OUT        (pip install numpy pillow onnx onnxruntime==1.32.0)

For each model writes OUT/<name>/: float.onnx, ort-<method>.onnx (QDQ, per channel, int8 activations and weights, the
defaults otherwise, batch norms folded by onnxruntime's own pre-processing), calibration.f32 and test.f32 (little-endian
[n, ...]), labels.json. Calibration and test samples are disjoint. Same inputs for both sides.
"""
import csv
import gzip
import json
import pathlib
import shutil
import sys

import numpy as np
import onnx
import onnx.version_converter
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

corpus, out = map(pathlib.Path, sys.argv[1:3])


def cifar():
    def records(name):
        raw = np.fromfile(corpus / "data/cifar10" / name, np.uint8).reshape(-1, 3073)
        return raw[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32), raw[:, 0]

    jpeg, jpeg_labels = records("cifar10-test-jpegsrc.bin")
    clean, clean_labels = records("cifar10-test-lossless.bin")
    return jpeg[:200], np.concatenate([clean, jpeg[200:]]), np.concatenate([clean_labels, jpeg_labels[200:]])


def vww():
    def folder(name):
        files = sorted((corpus / "data/vww96" / name).iterdir())
        return np.stack([np.asarray(Image.open(f).convert("RGB"), np.float32) for f in files]).transpose(0, 3, 1, 2) / np.float32(255)

    empty, person = folder("no_person"), folder("person")
    labels = np.array([0] * len(empty[50:]) + [1] * len(person[50:]))
    return np.concatenate([empty[:50], person[:50]]), np.concatenate([empty[50:], person[50:]]), labels


def mnist():
    def images(name):
        return np.frombuffer(gzip.open(corpus / "data/mnist" / name).read(), np.uint8, offset=16).reshape(-1, 1, 28, 28).astype(np.float32) / np.float32(255)

    labels = np.frombuffer(gzip.open(corpus / "data/mnist/test-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)
    return images("calib-images-idx3-ubyte.gz")[:200], images("test-images-idx3-ubyte.gz"), labels


def imagenet():
    rows = list(csv.DictReader(open(corpus / "data/imagenet-sample/labels.csv")))

    def load(row):
        image = Image.open(corpus / "data/imagenet-sample" / row["file"]).convert("RGB")
        left, top = (image.width - 224) // 2, (image.height - 224) // 2
        return np.asarray(image.crop((left, top, left + 224, top + 224)), np.float32).transpose(2, 0, 1) / np.float32(127.5) - np.float32(1)

    images = np.stack([load(row) for row in rows])
    labels = np.array([int(row["label"]) for row in rows])
    chosen = np.arange(len(rows)) % 6 == 0
    return images[chosen], images[~chosen], labels[~chosen]


class Reader(CalibrationDataReader):
    def __init__(self, name, samples):
        self.feeds = iter({name: sample[None]} for sample in samples)

    def get_next(self):
        return next(self.feeds, None)


def modernize(source, target):
    """Operator set 13 (per-channel QDQ needs it), initializers that are no inputs, Gemm biases of one axis (the bias
    adjustment of quantize_static takes no other): the same function in a form that quantize_static accepts."""
    model = onnx.load(source)
    initial = {tensor.name: tensor for tensor in model.graph.initializer}
    for feed in [feed for feed in model.graph.input if feed.name in initial]:
        model.graph.input.remove(feed)
    for node in model.graph.node:
        bias = initial.get(node.input[2]) if node.op_type == "Gemm" and len(node.input) > 2 else None
        if bias is not None and len(bias.dims) == 2 and bias.dims[0] == 1:
            bias.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(bias)[0], bias.name))
    model.ir_version = max(model.ir_version, 7)
    if next(opset.version for opset in model.opset_import if opset.domain == "") < 13:
        model = onnx.version_converter.convert_version(model, 13)
    onnx.save(model, target)


tasks = {
    "resnet8-cifar10": ("mlperf-ic-resnet8/pretrainedResnet.onnx", cifar),
    "vww-mobilenetv1": ("mlperf-vww-mobilenetv1/vww_96_float.onnx", vww),
    "mnist-cntk": ("mnist-cnn/mnist_cntk.onnx", mnist),
    "mobilenetv1-0.25-224": ("mobilenet-imagenet/mobilenet_v1_0.25_224.derived.onnx", imagenet),
}
# Not Entropy: with its defaults (128 bins, 128 levels) nothing can be cut, and the file equals that of MinMax byte for byte.
methods = {"minmax": CalibrationMethod.MinMax, "percentile": CalibrationMethod.Percentile}

for name, (path, load) in tasks.items():
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "float.onnx"
    shutil.copyfile(corpus / "models" / path, model)
    calibration, test, labels = load()
    calibration.astype("<f4").tofile(folder / "calibration.f32")
    test.astype("<f4").tofile(folder / "test.f32")
    prepared = folder / "prepared.onnx"
    quant_pre_process(str(model), str(prepared), skip_symbolic_shape=True)
    modernize(prepared, prepared)
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    feed = session.get_inputs()[0].name
    for method, kind in methods.items():
        try:
            quantize_static(str(prepared), str(folder / f"ort-{method}.onnx"), Reader(feed, calibration), quant_format=QuantFormat.QDQ, per_channel=True,
                            activation_type=QuantType.QInt8, weight_type=QuantType.QInt8, calibrate_method=kind)
        except Exception as error:  # a method that onnxruntime cannot do on this model is left out
            print(name, method, "failed:", error)
    json.dump({"labels": labels.tolist(), "shape": list(test.shape[1:]), "calibration": len(calibration), "input": feed}, open(folder / "labels.json", "w"))
    right = sum(int(np.argmax(session.run(None, {feed: x[None]})[0])) == int(y) for x, y in zip(test, labels))
    print(name, "float", right, "of", len(labels), flush=True)
