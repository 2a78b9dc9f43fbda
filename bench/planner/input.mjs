/** Planning problems of a given size, made from a seed: no file, no clock. */

/** Models per problem: times 4 precisions and 2 backends gives 10 000 candidates a device. */
const MODELS = 1250;
const DEVICES = 5;
const precisions = ["float16", "float32", "int8", "int8-weights"];

/** @param {number} seed */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const sourced = (value) => ({ value, basis: "published", ref: "https://example.org", date: "2026-01-01" });

function device(index) {
  return {
    id: `device${index}`, name: `Device ${index}`, class: "board", chip: "chip",
    units: [{
      id: "cpu", kind: "cpu", isa: "isa", cores: 1, clockHz: null, macsPerSecond: { int8: sourced(4e9), float32: sourced(1e9) },
      bytesPerSecond: sourced(1e10), layerOverheadMs: sourced(0.001), callOverheadMs: sourced(0.01), spread: sourced(2),
    }],
    memory: [
      { id: "ram", kind: "ram", bytes: sourced(2 ** 30), reserveBytes: sourced(2 ** 20), largestBufferBytes: null },
      { id: "storage", kind: "storage", bytes: sourced(2 ** 34), reserveBytes: null, largestBufferBytes: null },
    ],
    activeWatts: sourced(2), usdPerHour: sourced(0.1), runtimes: { runtime: { ...sourced(1), value: true } },
  };
}

function runtime() {
  const backend = (id) => ({ id, unitKind: "cpu", isas: [], precisions, numerics: id });
  return { id: "runtime", version: "1.0.0", summary: "", backends: [backend("first"), backend("second")] };
}

function model(index) {
  return {
    file: `models/m${index}.onnx`, digest: index.toString(16).padStart(64, "0"), family: "f", variant: `v${index}`, resolution: { heightPx: 96, widthPx: 96 },
    licence: null, parameters: 1e5, macs: 1e7, input: { name: "in", dtype: "float32", shape: [1] }, output: { name: "out", dtype: "float32", shape: [1] }, quantized: false,
  };
}

const exact = (value) => ({ low: value, expected: value, high: value, basis: "modelled" });
const layers = Array.from({ length: 30 }, (_, index) => ({ node: `n${index}`, op: "Conv", supported: true, rule: "conv", macs: 1e5 }));

/** @param {() => number} next @param {boolean} tied whether RAM is the same everywhere, so that every candidate stays in the first band */
function facts(next, tied, recipe) {
  const ram = tied ? 1e6 : Math.round(1e4 * 1000 ** next());
  const bundle = Math.round(1e4 * 1000 ** next());
  const bill = (region, bytes) => ({ region, items: [{ name: "arena", bytes }], total: exact(bytes), largestBufferBytes: bytes });
  return {
    ...recipe, layers, memory: [bill("ram", ram), bill("storage", bundle)], bundleBytes: exact(bundle),
    work: [{ unitKind: "cpu", macType: recipe.precision.startsWith("int8") ? "int8" : "float32", macs: Math.round(1e5 * 1000 ** next()), bytesMoved: 1e5, layers: 30 }],
  };
}

/** `scenario`: "open" nothing is refused; "tied" neither, and all have equal RAM; "tight" almost everything is over a limit. */
export function planningInput(scenario) {
  const next = numbers(7);
  const devices = Array.from({ length: DEVICES }, (_, index) => device(index));
  const models = Array.from({ length: MODELS }, (_, index) => model(index));
  const limit = (key, value) => ({ key, relation: "<=", limit: value, evidence: "assumed", text: `<= ${value}` });
  const budgets = scenario === "tight" ? [limit("bundle", 1.5e4), limit("latency", 1), limit("ram", 1.5e4)] : [limit("latency", 1e9), limit("ram", 1e9)];
  const accuracy = { key: "accuracy", relation: ">=", limit: 0.9, evidence: "assumed", text: ">= 90 %" };
  const targets = devices.map(({ id }) => ({
    name: `target-${id}`, device: id, budgets: [accuracy, ...budgets], precisions: null, runtimes: null,
    prefer: { order: ["ram", "latency", "bundle"], tolerance: 0.05 },
  }));
  const recipes = devices.flatMap(({ id }) => models.flatMap(({ digest, resolution }) => precisions.flatMap((precision) => ["first", "second"].map((backend) => ({
    model: digest, precision, resolution, device: id, runtime: "runtime", runtimeVersion: "1.0.0", backend,
  })))));
  const calibrations = Object.fromEntries(models.map(({ digest }) => [digest, `calibration ${digest}`]));
  return {
    models, catalog: { devices }, runtimes: [runtime()], calibrations, facts: recipes.map((recipe) => facts(next, scenario === "tied", recipe)),
    evaluation: { data: "data", contract: "contract", samples: { selection: 500, confirmation: 500 } },
    measurements: models.flatMap(({ digest, resolution }) => precisions.flatMap((precision) => ["first", "second"].flatMap((numerics) =>
      ["selection", "confirmation"].map((half) => accuracyFact({ half, key: { model: digest, precision, resolution, calibration: precision === "int8" ? calibrations[digest] : null, numerics, data: "data", contract: "contract", metric: "top1" } }, next))))),
    spec: {
      version: 1, models: [], targets,
      task: { kind: "tensor", input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "tensor" }, labelsFile: null, calibration: null, evaluation: { data: "data", metric: "top1", timeBoxMs: 1000 } },
    },
  };
}

function accuracyFact({ half, key }, next) {
  const correct = 500 - Math.floor(20 * next());
  return { kind: "accuracy", key, half, samples: 500, available: 500, correct, paired: null, complete: true, stopped: "all-samples", value: { low: 0.9, expected: correct / 500, high: 1, basis: "measured" } };
}
