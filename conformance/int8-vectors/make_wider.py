"""Answers of TensorFlow Lite Micro's reference kernels: resizing, transposed and dilated convolution, and the forms of
other ops that make.py leaves out.

Usage: python make_wider.py > wider.json      (pip install numpy tflite_micro ai-edge-litert)
"""
import numpy as np
from ai_edge_litert import schema_py_generated as fb

from layers import OP, case, images_first, options, parameter, print_cases, run, tensor, whole, written

rng = np.random.default_rng(20260202)
BUILTIN = fb.BuiltinOptions


def int8(*shape):
    return rng.integers(-128, 128, shape, dtype=np.int8)


def transposed(name, x_shape, w_shape, out, stride, same, attrs):
    """w_shape [O, H, W, I], out [height, width]."""
    x, w = int8(*x_shape), np.maximum(int8(*w_shape), -127)
    channels = w_shape[0]
    scales = rng.uniform(0.002, 0.02, channels).astype(np.float32)
    x_item, w_item = tensor(None, 0.04, -7, shape=x_shape), tensor(w, scales, 0)
    bias = rng.integers(-3000, 3000, channels).astype(np.int32)
    b_item, y_item = tensor(bias, np.float32(0.04) * scales, 0), tensor(None, 0.09, 12, shape=[1, *out, channels])
    kind = options(fb.TransposeConvOptionsT, BUILTIN.TransposeConvOptions, padding=0 if same else 1, strideH=stride[0], strideW=stride[1])
    y = run(OP.TRANSPOSE_CONV, kind, [whole([1, *out, channels]), w_item, x_item, b_item], y_item, [x])
    w_written = written(w, w_item, lambda a: a.transpose(3, 0, 1, 2), axis=1)
    case(name, "ConvTranspose", {"strides": list(stride), **attrs}, [written(x, x_item), w_written, written(bias, b_item)], y, y_item)


def dilated(name, x_shape, kernel, dilation, stride, depthwise):
    x, depth, channels = int8(*x_shape), x_shape[3], 4
    w = np.maximum(int8(1, *kernel, channels) if depthwise else int8(channels, *kernel, depth), -127)
    scales = rng.uniform(0.002, 0.02, channels).astype(np.float32)
    x_item, w_item = tensor(None, 0.04, 100, shape=x_shape), tensor(w, scales, 0, axis=3 if depthwise else 0)
    bias = rng.integers(-3000, 3000, channels).astype(np.int32)
    b_item = tensor(bias, np.float32(0.04) * scales, 0)
    y_item = tensor(None, 0.2, -60, shape=[1, -(-x_shape[1] // stride), -(-x_shape[2] // stride), channels])
    fields = dict(padding=0, strideH=stride, strideW=stride, dilationHFactor=dilation[0], dilationWFactor=dilation[1], fusedActivationFunction=0)
    kind = options(fb.DepthwiseConv2DOptionsT, BUILTIN.DepthwiseConv2DOptions, depthMultiplier=channels // depth, **fields) if depthwise else options(fb.Conv2DOptionsT, BUILTIN.Conv2DOptions, **fields)
    y = run(OP.DEPTHWISE_CONV_2D if depthwise else OP.CONV_2D, kind, [x_item, w_item, b_item], y_item, [x])
    attrs = {"strides": [stride] * 2, "dilations": list(dilation), "auto_pad": "SAME_UPPER", "group": depth if depthwise else 1}
    w_written = written(w, w_item, (lambda a: a.transpose(3, 0, 1, 2)) if depthwise else images_first)
    case(name, "Conv", attrs, [written(x, x_item), w_written, written(bias, b_item)], y, y_item)


def resized(name, x_shape, out, linear, corners=False, half=False, coordinates=None):
    x = int8(*x_shape)
    x_item, y_item = tensor(None, 0.1, -3, shape=x_shape), tensor(None, 0.1, -3, shape=[1, *out, x_shape[3]])
    fields = dict(alignCorners=corners, halfPixelCenters=half)
    kind = options(fb.ResizeBilinearOptionsT, BUILTIN.ResizeBilinearOptions, **fields) if linear else options(fb.ResizeNearestNeighborOptionsT, BUILTIN.ResizeNearestNeighborOptions, **fields)
    y = run(OP.RESIZE_BILINEAR if linear else OP.RESIZE_NEAREST_NEIGHBOR, kind, [x_item, whole(out)], y_item, [x])
    attrs = {"coordinate_transformation_mode": coordinates or ("align_corners" if corners else "half_pixel" if half else "asymmetric")}
    attrs |= {"mode": "linear"} if linear else {"nearest_mode": "round_prefer_ceil" if corners or half else "floor"}
    case(name, "Resize", attrs, [written(x, x_item), None, None, parameter([1, x_shape[3], *out])], y, y_item)


def pair(name, op, code, kind, shapes, facts, attrs=None):
    """Two operands of [N, H, W, C] shapes; `facts` are scale and zero point of a, b and y."""
    data = [int8(*shape) for shape in shapes]
    items = [tensor(None, *fact, shape=shape) for fact, shape in zip(facts, [*shapes, np.broadcast_shapes(*shapes)])]
    y = run(code, kind, items[:2], items[2], data)
    case(name, op, attrs or {}, [written(a, item) for a, item in zip(data, items)], y, items[2])


def every(name, op, code, facts, attrs=None, kind=None):
    x = np.arange(-128, 128).astype(np.int8).reshape(1, 256)
    for i, (sx, zx, sy, zy) in enumerate(facts):
        x_item, y_item = tensor(None, sx, zx, shape=x.shape), tensor(None, sy, zy, shape=x.shape)
        case(f"{name} {i}", op, attrs or {}, [written(x, x_item)], run(code, kind, [x_item], y_item, [x]), y_item)


def mean(name, shape, axes, keep, fact):
    """`axes` of TFLite's layout: [N, H, W, C] for four dims."""
    x = int8(*shape)
    out = [1 if i in axes else dim for i, dim in enumerate(shape)] if keep else [dim for i, dim in enumerate(shape) if i not in axes]
    x_item, y_item = tensor(None, 0.07, 11, shape=shape), tensor(None, *fact, shape=out)
    y = run(OP.MEAN, options(fb.ReducerOptionsT, BUILTIN.ReducerOptions, keepDims=keep), [x_item, whole(axes)], y_item, [x])
    ours = axes if len(shape) != 4 else [[0, 2, 3, 1][axis] for axis in axes]
    case(name, "ReduceMean", {"keepdims": int(keep)}, [written(x, x_item), parameter(ours)], y, y_item)


def moved(name, op, code, kind, shape, out, attrs, theirs=(), ours=()):
    """Ops on [A, B, C] values, whose layout is the same on both sides."""
    x = int8(*shape)
    x_item, y_item = tensor(None, 0.1, -3, shape=shape), tensor(None, 0.1, -3, shape=out)
    y = run(code, kind, [x_item, *theirs], y_item, [x])
    case(name, op, attrs, [written(x, x_item), *ours], y, y_item)


transposed("transposed conv, same, doubled", [1, 3, 4, 3], [2, 3, 3, 3], [6, 8], [2, 2], True, {"auto_pad": "SAME_UPPER"})
transposed("transposed conv, same, wide kernel", [1, 2, 3, 2], [3, 5, 4, 2], [4, 9], [2, 3], True, {"auto_pad": "SAME_UPPER"})
transposed("transposed conv, valid, odd strides", [1, 3, 2, 4], [2, 2, 3, 4], [9, 5], [3, 2], False, {"output_padding": [1, 0]})
transposed("transposed conv, valid, stride 1", [1, 3, 3, 2], [3, 2, 2, 2], [4, 4], [1, 1], False, {})
dilated("conv same, dilated unevenly", [1, 7, 9, 2], (3, 3), (2, 3), 1, False)
dilated("depthwise same, dilated unevenly", [1, 7, 9, 4], (3, 2), (3, 2), 1, True)
dilated("depthwise with two outputs a channel, dilated", [1, 6, 5, 2], (2, 3), (2, 2), 1, True)
for corners, half, word in [(False, False, "first element"), (True, False, "corners"), (False, True, "half pixels")]:
    resized(f"bilinear by {word}, up", [1, 3, 4, 2], [7, 9], True, corners, half)
    resized(f"bilinear by {word}, down", [1, 7, 9, 2], [3, 4], True, corners, half)
    resized(f"bilinear by {word}, to one row", [1, 4, 3, 1], [1, 6], True, corners, half)
    resized(f"nearest by {word}, up", [1, 3, 4, 2], [7, 9], False, corners, half)
    resized(f"nearest by {word}, down", [1, 7, 9, 2], [3, 4], False, corners, half)
    resized(f"nearest by {word}, long", [1, 1, 41, 1], [1, 123], False, corners, half)
resized("bilinear by half pixels of PyTorch", [1, 3, 2, 2], [5, 6], True, half=True, coordinates="pytorch_half_pixel")
same = [(0.05, 3)] * 3
pair("minimum", "Min", OP.MINIMUM, options(fb.MaximumMinimumOptionsT, BUILTIN.MaximumMinimumOptions), [[1, 4, 3, 2]] * 2, same)
pair("maximum, a gate for each channel", "Max", OP.MAXIMUM, options(fb.MaximumMinimumOptionsT, BUILTIN.MaximumMinimumOptions), [[1, 4, 3, 2], [1, 1, 1, 2]], same)
free = [(0.05, 3), (0.021, -40), (0.06, 7)]
pair("add, a row for each picture", "Add", OP.ADD, options(fb.AddOptionsT, BUILTIN.AddOptions), [[1, 4, 3, 2], [1, 1, 3, 1]], free)
pair("sub of a broadcast left operand", "Sub", OP.SUB, options(fb.SubOptionsT, BUILTIN.SubOptions), [[1, 1, 1, 5], [1, 4, 3, 5]], free)
pair("mul, both stretched", "Mul", OP.MUL, options(fb.MulOptionsT, BUILTIN.MulOptions), [[1, 4, 1, 3], [1, 1, 3, 3]], free)
x, slope = int8(1, 4, 3, 5), int8(1, 1, 5)
items = [tensor(None, 0.05, 3, shape=x.shape), tensor(slope, 0.004, 30), tensor(None, 0.06, -30, shape=x.shape)]
case("prelu, a slope for each channel", "PRelu", {}, [written(x, items[0]), written(slope, items[1], lambda a: a.transpose(2, 0, 1))], run(OP.PRELU, None, items[:2], items[2], [x]), items[2])
every("leaky relu, steep and negative", "LeakyRelu", OP.LEAKY_RELU, [(0.05, -60, 0.08, 9)], {"alpha": -0.7}, options(fb.LeakyReluOptionsT, BUILTIN.LeakyReluOptions, alpha=-0.7))
every("leaky relu of a small scale", "LeakyRelu", OP.LEAKY_RELU, [(0.002, 100, 0.0015, -90)], {"alpha": 0.25}, options(fb.LeakyReluOptionsT, BUILTIN.LeakyReluOptions, alpha=0.25))
every("hard swish, coarse and fine", "HardSwish", OP.HARD_SWISH, [(0.7, -100, 0.35, -120), (0.0008, 17, 0.0004, 5), (0.03, 127, 0.02, -128)])
every("elu", "Elu", OP.ELU, [(0.03, -5, 0.04, -100), (0.2, 40, 0.1, -118), (0.004, 127, 0.003, 120)], {"alpha": 1})
mean("mean over channels", [1, 3, 4, 6], [3], True, (0.05, -20))
mean("mean over rows, without their axis", [2, 5, 3], [1], False, (0.05, -20))
mean("mean over the outer axis", [5, 7], [0], True, (0.031, 4))
mean("mean over everything", [2, 5, 3], [0, 1, 2], True, (0.02, 9))
mean("mean over axes that are no neighbours", [3, 4, 5], [0, 2], True, (0.06, 0))
moved("pad with the zero point", "Pad", OP.PAD, options(fb.PadOptionsT, BUILTIN.PadOptions), [2, 3, 4], [3, 6, 4], {}, [whole([[0, 1], [2, 1], [0, 0]])], [parameter([0, 2, 0, 1, 1, 0])])
moved("pad by mirroring", "Pad", OP.MIRROR_PAD, options(fb.MirrorPadOptionsT, BUILTIN.MirrorPadOptions, mode=0), [3, 4, 2], [7, 6, 2], {"mode": "reflect"}, [whole([[2, 2], [1, 1], [0, 0]])], [parameter([2, 1, 0, 2, 1, 0])])
moved("transpose", "Transpose", OP.TRANSPOSE, options(fb.TransposeOptionsT, BUILTIN.TransposeOptions), [2, 3, 4], [4, 2, 3], {"perm": [2, 0, 1]}, [whole([2, 0, 1])])
moved("slice with steps, one backwards", "Slice", OP.STRIDED_SLICE, options(fb.StridedSliceOptionsT, BUILTIN.StridedSliceOptions, beginMask=0, endMask=2, ellipsisMask=0, newAxisMask=0, shrinkAxisMask=0), [5, 6, 3], [2, 6, 2], {}, [whole([1, -1, 0]), whole([5, 0, 3]), whole([2, -1, 2])], [parameter([1, -1, 0]), parameter([5, -99, 3]), parameter([0, 1, 2]), parameter([2, -1, 2])])
a, b = int8(2, 3, 2), int8(2, 1, 2)
items = [tensor(None, 0.1, -3, shape=part) for part in ([2, 3, 2], [2, 1, 2], [2, 4, 2])]
case("concat", "Concat", {"axis": 1}, [written(a, items[0]), written(b, items[1])], run(OP.CONCATENATION, options(fb.ConcatenationOptionsT, BUILTIN.ConcatenationOptions, axis=1, fusedActivationFunction=0), items[:2], items[2], [a, b]), items[2])
print_cases()
