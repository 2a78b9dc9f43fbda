"""The official interpreters as judges, LiteRT's and TensorFlow Lite Micro's: answers requests on standard input until it closes.

A request is one line of JSON {do, sizes, ...} and then blobs of `sizes` bytes each; so is an answer: {error} or {sizes, ...}.

  open     {kernels: "reference" | "xnnpack" | "micro", threads} + [model]
                         -> {handle, inputs, outputs}; refuses what the verifier of FlatBuffers refuses
  run      {handle} + [inputs]  -> + [outputs], in the order of the ports
  close    {handle}
  objects  + [model]     -> what the official object API reads, and whether it is the same after packing and reading again
  gpu      + [model]     -> {compatible, warnings} of the official analyzer for the GPU delegate
  placement + [model]    -> {partitions}: subgraphs that LiteRT hands to XNNPACK
  version                -> {litert, micro}
"""
import importlib.metadata
import io
import json
import sys
import tempfile
import zipfile

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_micro import runtime as micro

RESOLVERS = {"reference": OpResolverType.BUILTIN_REF, "xnnpack": OpResolverType.AUTO}
OPEN = {}
# By default an arena is a multiple of the file, too little for one operator without weights.
MICRO_ARENA_BYTES = 1 << 25


def port(detail):
    scales = detail["quantization_parameters"]
    return {
        "name": detail.get("name", ""), "shape": [int(n) for n in detail["shape"]], "dtype": np.dtype(detail["dtype"]).name,
        "scale": [float(s) for s in scales["scales"]], "zeroPoint": [int(z) for z in scales["zero_points"]],
    }


class LiteRt:
    def __init__(self, model, request):
        # The interpreter reads constants from the caller's bytes: they are kept as long as it.
        self.model = model
        self.interpreter = Interpreter(model_content=model, experimental_op_resolver_type=RESOLVERS[request["kernels"]], num_threads=request["threads"])
        self.interpreter.allocate_tensors()
        self.inputs, self.outputs = self.interpreter.get_input_details(), self.interpreter.get_output_details()

    def run(self, tensors):
        for detail, tensor in zip(self.inputs, tensors, strict=True):
            self.interpreter.set_tensor(detail["index"], tensor)
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(detail["index"]) for detail in self.outputs]


class Micro:
    """TensorFlow Lite Micro's reference kernels (x86 build)."""

    def __init__(self, model, request):
        graph = schema.Model.GetRootAs(model).Subgraphs(0)
        self.interpreter = micro.Interpreter.from_bytes(model, arena_size=MICRO_ARENA_BYTES)
        self.inputs = [self.interpreter.get_input_details(i) for i in range(graph.InputsLength())]
        self.outputs = [self.interpreter.get_output_details(i) for i in range(graph.OutputsLength())]

    def run(self, tensors):
        for i, tensor in enumerate(tensors):
            self.interpreter.set_input(tensor, i)
        self.interpreter.invoke()
        return [self.interpreter.get_output(i) for i in range(len(self.outputs))]


def open_model(request, blobs):
    model = Micro(blobs[0], request) if request["kernels"] == "micro" else LiteRt(blobs[0], request)
    handle = max(OPEN, default=0) + 1
    OPEN[handle] = model
    return {"handle": handle, "inputs": [port(d) for d in model.inputs], "outputs": [port(d) for d in model.outputs]}, []


def run(request, blobs):
    model = OPEN[request["handle"]]
    answers = model.run([np.frombuffer(blob, detail["dtype"]).reshape(detail["shape"]) for detail, blob in zip(model.inputs, blobs, strict=True)])
    return {}, [np.ascontiguousarray(answer).tobytes() for answer in answers]


def close(request, blobs):
    del OPEN[request["handle"]]
    return {}, []


def plain(value):
    """An object of the generated API as lists and dicts."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list):
        return [plain(each) for each in value]
    if hasattr(value, "__dict__"):
        return {key: plain(each) for key, each in vars(value).items()}
    return value.decode() if isinstance(value, bytes) else value


def names(kind):
    return {number: name for name, number in vars(kind).items() if isinstance(number, int)}


def packed_files(model):
    """Files that metadata names lie in a zip archive behind the model."""
    if not zipfile.is_zipfile(io.BytesIO(model)):
        return {}
    with zipfile.ZipFile(io.BytesIO(model)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def objects(request, blobs):
    model = schema.ModelT.InitFromPackedBuf(blobs[0], 0)
    builder = flatbuffers.Builder(len(blobs[0]))
    builder.Finish(model.Pack(builder), b"TFL3")
    again = schema.ModelT.InitFromPackedBuf(builder.Output(), 0)
    operators, types = names(schema.BuiltinOperator), names(schema.TensorType)
    # Codes up to 127 stand in the older field as well, which older readers look at alone.
    codes = [max(code.builtinCode, code.deprecatedBuiltinCode) for code in model.operatorCodes]
    graph = model.subgraphs[0]
    return {
        "same": plain(model) == plain(again),
        "identifier": bytes(blobs[0][4:8]).decode("latin1"),
        "schemaVersion": model.version,
        "oldCodesAgree": all(code.deprecatedBuiltinCode == min(code.builtinCode, 127) for code in model.operatorCodes),
        "operators": [{
            "op": operators[codes[op.opcodeIndex]], "version": model.operatorCodes[op.opcodeIndex].version,
            "inputs": plain(op.inputs), "outputs": plain(op.outputs),
            "options": None if op.builtinOptions is None else plain(op.builtinOptions),
        } for op in graph.operators],
        "tensors": [{"name": plain(t.name), "type": types[t.type], "shape": plain(t.shape) if t.shape is not None else []} for t in graph.tensors],
        "inputs": plain(graph.inputs), "outputs": plain(graph.outputs),
        "metadata": [plain(entry.name) for entry in model.metadata or []],
        "files": packed_files(blobs[0]),
    }, []


def gpu(request, blobs):
    from ai_edge_litert import _pywrap_analyzer_wrapper as analyzer
    with tempfile.NamedTemporaryFile(suffix=".tflite") as file:
        file.write(blobs[0])
        file.flush()
        text = analyzer.ModelAnalyzer(file.name, True, True)
    return {"compatible": "looks compatible with GPU delegate" in text, "warnings": sorted({line.strip() for line in text.splitlines() if "GPU COMPATIBILITY WARNING" in line})}, []


def placement(request, blobs):
    interpreter = Interpreter(model_content=blobs[0], num_threads=1)
    interpreter.allocate_tensors()
    return {"partitions": sum(op["op_name"] == "DELEGATE" for op in interpreter._get_ops_details())}, []


def version(request, blobs):
    return {"litert": importlib.metadata.version("ai-edge-litert"), "micro": importlib.metadata.version("tflite_micro")}, []


REQUESTS = {"open": open_model, "run": run, "close": close, "objects": objects, "gpu": gpu, "placement": placement, "version": version}


def answer(line, source):
    request = json.loads(line)
    blobs = [source.read(size) for size in request.get("sizes", [])]
    try:
        return REQUESTS[request["do"]](request, blobs)
    except Exception as error:  # noqa: BLE001: whatever the judged file causes is the verdict
        return {"error": f"{type(error).__name__}: {error}".strip()}, []


def main(source, sink):
    for line in source:
        head, blobs = answer(line, source)
        sink.write(json.dumps({**head, "sizes": [len(blob) for blob in blobs]}).encode() + b"\n")
        for blob in blobs:
            sink.write(blob)
        sink.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
