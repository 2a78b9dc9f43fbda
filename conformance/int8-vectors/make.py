"""Answers of TensorFlow Lite Micro's own reference kernels to small int8 layers.

Usage: python make.py > vectors.json      (pip install numpy tflite_micro ai-edge-litert)

Each case is a model of one layer (layers.py), run by tflite_micro's interpreter (x86 build: reference kernels).
Tensors are written in our layout: images [N, C, H, W], weights [M, C/group, kH, kW]; numbers as hex of the stored bytes,
little-endian. Seeds are fixed, so the file is the same each time.
"""
import numpy as np
from ai_edge_litert import schema_py_generated as fb

from layers import OP, case, images_first, options, print_cases, run, tensor, written

rng = np.random.default_rng(20260101)


def int8(*shape):
    return rng.integers(-128, 128, shape, dtype=np.int8)


def conv(name, x_shape, channels, kernel, stride=1, dilation=1, same=True, depthwise=False, act=0, clamp=None):
    x, depth = int8(*x_shape), x_shape[3]
    w = int8(1, kernel, kernel, channels) if depthwise else int8(channels, kernel, kernel, depth)
    w = np.maximum(w, -127)
    scales = rng.uniform(0.002, 0.02, channels).astype(np.float32)
    x_item = tensor(None, 0.04, 5, shape=x_shape)
    out_side = -(-x_shape[1] // stride) if same else (x_shape[1] - dilation * (kernel - 1) - 1) // stride + 1
    y_item = tensor(None, 0.11, -9, shape=[x_shape[0], out_side, out_side, channels])
    bias = rng.integers(-3000, 3000, channels).astype(np.int32)
    w_item = tensor(w, scales, 0, axis=3 if depthwise else 0)
    b_item = tensor(bias, np.float32(0.04) * scales, 0)
    common = dict(padding=0 if same else 1, strideH=stride, strideW=stride, dilationHFactor=dilation, dilationWFactor=dilation, fusedActivationFunction=act)
    kind = options(fb.DepthwiseConv2DOptionsT, fb.BuiltinOptions.DepthwiseConv2DOptions, depthMultiplier=channels // depth, **common) if depthwise else options(fb.Conv2DOptionsT, fb.BuiltinOptions.Conv2DOptions, **common)
    y = run(OP.DEPTHWISE_CONV_2D if depthwise else OP.CONV_2D, kind, [x_item, w_item, b_item], y_item, [x])
    attrs = {"strides": [stride] * 2, "dilations": [dilation] * 2, "auto_pad": "SAME_UPPER" if same else "VALID", "group": depth if depthwise else 1, **(clamp or {})}
    w_written = written(w, w_item, (lambda a: a.transpose(3, 0, 1, 2)) if depthwise else images_first)
    case(name, "Conv", attrs, [written(x, x_item), w_written, written(bias, b_item)], y, y_item)


def dense(name, scales, act=0, clamp=None):
    x, w = int8(3, 20), np.maximum(int8(7, 20), -127)
    x_item, w_item, y_item = tensor(None, 0.031, -17, shape=[3, 20]), tensor(w, scales, 0), tensor(None, 0.23, 4, shape=[3, 7])
    bias = rng.integers(-5000, 5000, 7).astype(np.int32)
    b_item = tensor(bias, np.float32(0.031) * np.atleast_1d(np.float32(scales)), 0)
    y = run(OP.FULLY_CONNECTED, options(fb.FullyConnectedOptionsT, fb.BuiltinOptions.FullyConnectedOptions, fusedActivationFunction=act), [x_item, w_item, b_item], y_item, [x])
    case(name, "Gemm", {"transB": 1, **(clamp or {})}, [written(x, x_item), written(w, w_item), written(bias, b_item)], y, y_item)


def binary(name, op, code, kind, number, act=0, clamp=None):
    for i, (sa, za, sb, zb, sy, zy) in enumerate([(0.05, 3, 0.021, -40, 0.06, 7), (0.0123, -128, 0.4567, 127, 0.3, -1)]):
        a, b = int8(1, 6, 5, 4), int8(1, 6, 5, 4)
        items = [tensor(None, sa, za, shape=a.shape), tensor(None, sb, zb, shape=b.shape), tensor(None, sy, zy, shape=a.shape)]
        y = run(code, options(kind, number, fusedActivationFunction=act), items[:2], items[2], [a, b])
        case(f"{name} {i}", op, clamp or {}, [written(a, items[0]), written(b, items[1])], y, items[2])


def every(name, op, code, facts, attrs=None, opts=None):
    x = np.arange(-128, 128).astype(np.int8).reshape(1, 256)
    for i, (sx, zx, sy, zy) in enumerate(facts):
        x_item, y_item = tensor(None, sx, zx, shape=x.shape), tensor(None, sy, zy, shape=x.shape)
        y = run(code, opts, [x_item], y_item, [x])
        case(f"{name} {i}", op, attrs or {}, [written(x, x_item)], y, y_item)


def pool(name, op, code, act=0, clamp=None, **window):
    x = int8(1, 7, 7, 3)
    side = -(-7 // window["strideH"]) if window["padding"] == 0 else (7 - window["filterHeight"]) // window["strideH"] + 1
    x_item, y_item = tensor(None, 0.1, -3, shape=x.shape), tensor(None, 0.1, -3, shape=[1, side, side, 3])
    y = run(code, options(fb.Pool2DOptionsT, fb.BuiltinOptions.Pool2DOptions, fusedActivationFunction=act, **window), [x_item], y_item, [x])
    attrs = {"kernel_shape": [window["filterHeight"], window["filterWidth"]], "strides": [window["strideH"], window["strideW"]], "auto_pad": "SAME_UPPER" if window["padding"] == 0 else "VALID", **(clamp or {})}
    case(name, op, attrs, [written(x, x_item)], y, y_item)


def mean(name, sy, zy):
    x, axes = int8(1, 5, 5, 6), np.array([1, 2], np.int32)
    x_item, a_item, y_item = tensor(None, 0.07, 11, shape=x.shape), tensor(axes, 1, 0), tensor(None, sy, zy, shape=[1, 1, 1, 6])
    a_item["scale"] = None
    y = run(OP.MEAN, options(fb.ReducerOptionsT, fb.BuiltinOptions.ReducerOptions, keepDims=True), [x_item, a_item], y_item, [x])
    case(name, "GlobalAveragePool", {}, [written(x, x_item)], y, y_item)


RELU, RELU6 = fb.ActivationFunctionType.RELU, fb.ActivationFunctionType.RELU6
conv("conv same 3x3", [1, 5, 5, 3], 4, 3)
conv("conv stride 2, relu6", [1, 6, 6, 2], 5, 3, stride=2, act=RELU6, clamp={"clampMin": 0, "clampMax": 6})
conv("conv dilated, relu", [1, 8, 8, 2], 3, 3, dilation=2, same=False, act=RELU, clamp={"clampMin": 0})
conv("conv pointwise", [1, 4, 4, 5], 6, 1)
conv("depthwise same", [1, 6, 6, 4], 4, 3, depthwise=True)
conv("depthwise stride 2", [1, 7, 7, 3], 6, 3, stride=2, depthwise=True)
dense("dense one scale", 0.013)
dense("dense one scale, relu", 0.0071, RELU, {"clampMin": 0})
dense("dense scale a column", rng.uniform(0.003, 0.03, 7).astype(np.float32))
binary("add", "Add", OP.ADD, fb.AddOptionsT, fb.BuiltinOptions.AddOptions)
binary("add relu", "Add", OP.ADD, fb.AddOptionsT, fb.BuiltinOptions.AddOptions, RELU, {"clampMin": 0})
binary("sub", "Sub", OP.SUB, fb.SubOptionsT, fb.BuiltinOptions.SubOptions)
binary("mul", "Mul", OP.MUL, fb.MulOptionsT, fb.BuiltinOptions.MulOptions)
pool("max pool", "MaxPool", OP.MAX_POOL_2D, padding=0, strideH=2, strideW=2, filterHeight=3, filterWidth=3)
pool("max pool relu", "MaxPool", OP.MAX_POOL_2D, RELU, {"clampMin": 0}, padding=1, strideH=2, strideW=2, filterHeight=2, filterWidth=2)
pool("average pool same", "AveragePool", OP.AVERAGE_POOL_2D, padding=0, strideH=2, strideW=2, filterHeight=3, filterWidth=3)
pool("average pool whole", "AveragePool", OP.AVERAGE_POOL_2D, padding=1, strideH=1, strideW=1, filterHeight=7, filterWidth=7)
mean("mean other scale", 0.031, -20)
mean("mean same scale", 0.07, 11)
every("relu", "Relu", OP.RELU, [(0.1, 3, 0.05, -128), (0.03, -100, 0.03, -100)])
every("leaky relu", "LeakyRelu", OP.LEAKY_RELU, [(0.1, 3, 0.07, -20), (0.02, 40, 0.03, -5)], {"alpha": 0.1}, options(fb.LeakyReluOptionsT, fb.BuiltinOptions.LeakyReluOptions, alpha=0.1))
every("hard swish", "HardSwish", OP.HARD_SWISH, [(0.05, 3, 0.03, -100), (0.2, -20, 0.1, -100), (0.01, 0, 0.004, -30)])
every("sigmoid", "Sigmoid", OP.LOGISTIC, [(0.05, 3, 1 / 256, -128), (0.2, -20, 1 / 256, -128), (0.004, 100, 1 / 256, -128)])
every("tanh", "Tanh", OP.TANH, [(0.05, 3, 1 / 128, 0), (0.2, -20, 1 / 128, 0), (0.004, 100, 1 / 128, 0)])
every("requantize", "Quantize", OP.QUANTIZE, [(0.05, 3, 0.031, -12), (0.2, -20, 0.4, 5)])
for i, scale in enumerate([0.005, 0.05, 0.3]):
    x = int8(4, 12)
    x_item, y_item = tensor(None, scale, 9, shape=x.shape), tensor(None, 1 / 256, -128, shape=x.shape)
    case(f"softmax {i}", "Softmax", {"axis": 1}, [written(x, x_item)], run(OP.SOFTMAX, options(fb.SoftmaxOptionsT, fb.BuiltinOptions.SoftmaxOptions, beta=1.0), [x_item], y_item, [x]), y_item)
print_cases()
