// Resident memory that a process gains by loading onnxruntime-node and holding one tiny session.
// Run: node bench/onnxruntime/session-memory.mjs  (prints JSON; the figure stands in adapter-onnx/src/data/session-memory.ts)
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { readFileSync } from "node:fs";

const rss = () => {
  globalThis.gc?.();
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;
};

const model = process.argv[2] ?? "examples/meter-reading/models/meter-w8-16.onnx";
const before = rss();
const require = createRequire(import.meta.url);
const ort = require("onnxruntime-node");
const loaded = rss();
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: "sequential" });
const [name] = session.inputNames;
const side = Number(/-(\d+)\.onnx$/.exec(model)?.[1] ?? 16);
await session.run({ [name]: new ort.Tensor("float32", new Float32Array(side * side), [1, 1, side, side]) });
const ran = rss();
console.log(JSON.stringify({ what: "resident bytes gained", loadBytes: loaded - before, sessionBytes: ran - loaded, totalBytes: ran - before, runtime: "onnxruntime-node 1.30.0", node: process.version, machine: `${cpus().length} x ${cpus()[0]?.model}`, platform: `${process.platform}-${process.arch}` }, null, 2));
