"""One-layer int8 models, built here and run by TensorFlow Lite Micro's reference kernels, and their written form."""
import json

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as fb
from tflite_micro.python.tflite_micro import runtime

OP, TYPE = fb.BuiltinOperator, fb.TensorType
cases = []


def tensor(data, scale, zero, axis=0, shape=None):
    """A constant or, with data None, an activation of `shape`."""
    return {"data": data, "shape": list(data.shape if shape is None else shape), "scale": np.atleast_1d(np.float32(scale)), "zero": zero, "axis": axis}


def build(op, options, operands, output):
    model = fb.ModelT()
    model.version, model.description, model.operatorCodes, model.subgraphs = 3, "case", [], []
    code = fb.OperatorCodeT()
    code.builtinCode, code.deprecatedBuiltinCode, code.version = op, min(op, 127), 1
    model.operatorCodes = [code]
    graph, node = fb.SubGraphT(), fb.OperatorT()
    model.buffers, graph.tensors = [fb.BufferT()], []
    for item in [*operands, output]:
        t, q = fb.TensorT(), fb.QuantizationParametersT()
        t.shape, t.name, t.buffer = item["shape"], f"t{len(graph.tensors)}", 0
        t.type = TYPE.INT8 if item["data"] is None or item["data"].dtype == np.int8 else TYPE.INT32
        if item["scale"] is not None:
            q.scale, q.zeroPoint, q.quantizedDimension = item["scale"].tolist(), [item["zero"]] * len(item["scale"]), item["axis"]
            t.quantization = q
        if item["data"] is not None:
            buffer = fb.BufferT()
            buffer.data = np.frombuffer(item["data"].tobytes(), np.uint8)
            t.buffer = len(model.buffers)
            model.buffers.append(buffer)
        graph.tensors.append(t)
    count = len(operands)
    graph.inputs = [i for i, item in enumerate(operands) if item["data"] is None]
    graph.outputs, graph.operators = [count], [node]
    node.opcodeIndex, node.inputs, node.outputs = 0, list(range(count)), [count]
    if options is not None:
        node.builtinOptionsType, node.builtinOptions = options
    model.subgraphs = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def run(op, options, operands, output, feeds):
    interpreter = runtime.Interpreter.from_bytes(build(op, options, operands, output))
    for i, feed in enumerate(feeds):
        interpreter.set_input(feed, i)
    interpreter.invoke()
    return interpreter.get_output(0)


def images_first(a):
    return a.transpose(0, 3, 1, 2) if a.ndim == 4 else a


def written(a, item, layout=images_first, axis=0):
    a = np.ascontiguousarray(layout(a))
    return {"shape": list(a.shape), "dtype": str(a.dtype), "data": a.tobytes().hex(), "scale": item["scale"].tolist(), "zero": item["zero"], "axis": axis if len(item["scale"]) > 1 else None}


def parameter(values, dtype=np.int64):
    """A parameter input of our op: a list of numbers without a fact, or the one number of a scalar."""
    a = np.array(values, dtype)
    return {"shape": list(a.shape), "dtype": str(a.dtype), "data": a.tobytes().hex(), "scale": [1], "zero": 0, "axis": None}


def whole(values):
    """A parameter input of TFLite's op: int32 without quantization."""
    return {**tensor(np.array(values, np.int32), 1, 0), "scale": None}


def case(name, op, attrs, inputs, result, output):
    cases.append({"name": name, "op": op, "attrs": attrs, "inputs": inputs, "output": written(result, output)})


def options(kind, number, **fields):
    made = kind()
    for key, value in fields.items():
        setattr(made, key, value)
    return number, made


def print_cases():
    print("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]")
