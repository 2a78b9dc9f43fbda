/**
 * Times `assess` of a ResNet8-size network on every device of the catalog, each runtime, backend and precision, against
 * its budget of 20 ms.
 *
 *   npm run build && node bench/assess/bench.mjs      writes bench/results/assess.json; exit 1 over budget
 *
 * Weights come from a seed: no fact depends on them. Three runs to warm up, then the median of 20.
 */
import { writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform } from "node:os";
import { mcuAdapter } from "../../packages/adapter-mcu/dist/index.js";
import { onnxAdapter } from "../../packages/adapter-onnx/dist/index.js";
import { digest } from "../../packages/adapter/dist/index.js";
import { devices } from "../../packages/catalog/dist/index.js";
import { workOf } from "../../packages/graph/dist/index.js";
import { resnet8 } from "./resnet8.mjs";

const LIMIT_MS = 20;
const WARM_UP = 3;
const RUNS = 20;

const graph = resnet8();
const contract = {
  input: { kind: "image", color: "rgb", layout: "nchw", scale: [1], offset: [0], resize: { filter: "none", fit: "stretch", crop: null, pad: 0 } },
  output: { kind: "labels", labels: Array.from({ length: 10 }, (_, i) => `class ${i}`), labelOffset: 0, softmax: false, topK: 1 },
};

function milliseconds(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function rounded(ms) {
  return Number(ms.toFixed(3));
}

function timed({ adapter, device, backend, precision }) {
  const assess = () => adapter.assess({ graph, model: digest("resnet8"), precision, resolution: { heightPx: 32, widthPx: 32 }, device, backend, contract });
  const refused = assess().layers.filter(({ supported }) => !supported);
  if (refused.length > 0) throw new Error(`${adapter.runtime.id} on ${device.id} refuses ${refused[0].op}: ${refused[0].rule}`);
  for (let i = 0; i < WARM_UP; i++) assess();
  const all = Array.from({ length: RUNS }, () => milliseconds(assess)).sort((a, b) => a - b);
  const medianMs = (all[RUNS / 2 - 1] + all[RUNS / 2]) / 2;
  return { runtime: adapter.runtime.id, backend, precision, device: device.id, medianMs: rounded(medianMs), slowestMs: rounded(all[RUNS - 1]), medianToLimit: rounded(medianMs / LIMIT_MS) };
}

const rows = [mcuAdapter, onnxAdapter].flatMap((adapter) => devices.filter(({ runtimes }) => runtimes[adapter.runtime.id] !== undefined).flatMap((device) =>
  adapter.runtime.backends.filter(({ unitKind, isas }) => device.units.some((unit) => unit.kind === unitKind && (isas.length === 0 || isas.includes(unit.isa))))
    .flatMap(({ id, precisions }) => precisions.map((precision) => timed({ adapter, device, backend: id, precision })))));
const result = {
  what: "assess() of a ResNet8-size network, median of 20",
  machine: { cpu: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length, platform: `${platform()} ${arch()}`, node: process.version, loadAverage: Number(loadavg()[0].toFixed(1)) },
  network: { nodes: graph.nodes.length, macs: workOf(graph).macs, parameters: workOf(graph).parameters },
  limitMs: LIMIT_MS,
  rows,
};
writeFileSync(new URL("../results/assess.json", import.meta.url), `${JSON.stringify(result, null, 2)}\n`);
for (const row of rows) process.stdout.write(`${row.runtime.padEnd(12)} ${row.backend.padEnd(9)} ${row.precision.padEnd(13)} ${row.device.padEnd(20)} ${row.medianMs.toFixed(2).padStart(7)} ms  ${row.medianToLimit.toFixed(2)} of the limit\n`);
if (rows.some(({ medianMs }) => medianMs > LIMIT_MS)) process.exitCode = 1;
