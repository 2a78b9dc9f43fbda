"""Resident bytes that a process gains with a LiteRT model open and run once, on XNNPACK with one thread.

Usage: python bench/litert/memory.py FOLDER_OF_TFLITE_FILES > bench/results/litert-memory.json
Each model is measured in a process of its own. Linux only: reads /proc/self/status. Needs ai-edge-litert, numpy and tflite.
"""
import json
import pathlib
import platform
import subprocess
import sys


def resident_bytes():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmRSS")


def live_bytes(details, tensors, ports):
    """The largest sum of activations that are alive at once, in the file's order of operators."""
    size = {t["index"]: int(t["shape"].prod()) * t["dtype"]().itemsize for t in tensors}
    first, last = {i: -1 for i in ports["inputs"]}, {}
    for step, op in enumerate(details):
        for i in op["outputs"]:
            first.setdefault(int(i), step)
        for i in op["inputs"]:
            last[int(i)] = step
    for i in ports["outputs"]:
        last[i] = len(details)
    return max(sum(size[i] for i, start in first.items() if i in size and start <= step <= last.get(i, start)) for step in range(len(details)))


def measure(path):
    import numpy
    before_runtime = resident_bytes()
    from ai_edge_litert.interpreter import Interpreter, OpResolverType
    loaded = resident_bytes()
    interpreter = Interpreter(model_path=path, num_threads=1)
    interpreter.allocate_tensors()
    for port in interpreter.get_input_details():
        interpreter.set_tensor(port["index"], numpy.zeros(port["shape"], port["dtype"]))
    interpreter.invoke()
    after = resident_bytes()
    plain = Interpreter(model_path=path, experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    ports = {"inputs": [int(p["index"]) for p in plain.get_input_details()], "outputs": [int(p["index"]) for p in plain.get_output_details()]}
    return {
        "model": pathlib.Path(path).stem, "fileBytes": pathlib.Path(path).stat().st_size, "loadBytes": loaded - before_runtime, "residentBytes": after - before_runtime,
        "activationBytes": live_bytes(plain._get_ops_details(), plain.get_tensor_details(), ports),
    }


def main(folder):
    import importlib.metadata
    rows = []
    for path in sorted(pathlib.Path(folder).rglob("*.tflite")):
        run = subprocess.run([sys.executable, __file__, "--one", str(path)], capture_output=True, text=True)
        if run.returncode == 0:
            rows.append(json.loads(run.stdout))
    print(json.dumps({"what": "resident bytes that a process gains with a model open and run once", "runtime": f"ai-edge-litert {importlib.metadata.version('ai-edge-litert')}, XNNPACK, one thread", "platform": f"{platform.system()}-{platform.machine()}".lower(), "networks": rows}, indent=2))


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        print(json.dumps(measure(sys.argv[2])))
    else:
        main(sys.argv[1])
