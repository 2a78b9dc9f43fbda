import type { PlanInput } from "../plan.ts";
import { candidates } from "../plan.ts";
import type { Device } from "../schema/device.ts";
import type { AccuracyFact, ModelFacts, TargetFacts } from "../schema/facts.ts";
import type { Candidate } from "../schema/plan.ts";
import type { Runtime } from "../schema/runtime.ts";
import type { Basis, Estimate, Sourced } from "../schema/sourced.ts";
import type { Budget, Spec, Target } from "../schema/spec.ts";
import { wilson } from "../statistics/wilson.ts";

const KiB = 1024;
const samples = 400;

/** A family of three widths on a microcontroller, a phone and a chip that is too small, with believable numbers. */
export function readingMeters(): PlanInput {
  const base = { spec, models: [model("w8", 8), model("w16", 16), model("w32", 32)], catalog: { devices: [pico, phone, tiny] }, runtimes: [c, onnx] };
  const asked = candidates(base);
  return {
    ...base, facts: asked.map(factsOf), measurements: asked.flatMap(accuraciesOf),
    calibrations: { w8: "c8", w16: "c16", w32: "c32" }, evaluation: { data: "d", contract: "k", samples: { selection: samples, confirmation: samples } },
  };
}

function sourced(value: number, basis: Basis = "published"): Sourced<number> {
  return { value, basis, ref: "https://example.org", date: "2026-01-01" };
}

function exactly(value: number): Estimate {
  return { low: value, expected: value, high: value, basis: "modelled" };
}

function device(about: Pick<Device, "id" | "class" | "memory"> & { readonly macsPerSecond: number; readonly runtime: string }): Device {
  return {
    id: about.id, name: about.id, class: about.class, chip: about.id, memory: about.memory, activeWatts: null, usdPerHour: null,
    units: [{
      id: "cpu", kind: "cpu", isa: "any", cores: 1, clockHz: null, macsPerSecond: { int8: sourced(about.macsPerSecond), float32: sourced(about.macsPerSecond / 2) },
      bytesPerSecond: null, layerOverheadMs: null, callOverheadMs: null, spread: sourced(2),
    }],
    runtimes: { [about.runtime]: { ...sourced(1), value: true } },
  };
}

const region = (kind: "ram" | "flash" | "storage", bytes: number): Device["memory"][number] => ({ id: kind, kind, bytes: sourced(bytes), reserveBytes: null, largestBufferBytes: null });
const pico = device({ id: "raspberry-pi-pico", class: "microcontroller", macsPerSecond: 5e6, runtime: "edgewise-c", memory: [region("ram", 264 * KiB), region("flash", 2048 * KiB)] });
const tiny = device({ id: "tiny-chip", class: "microcontroller", macsPerSecond: 1e6, runtime: "edgewise-c", memory: [region("ram", 16 * KiB), region("flash", 64 * KiB)] });
const phone = device({ id: "some-phone", class: "phone", macsPerSecond: 5e10, runtime: "onnxruntime", memory: [region("ram", 4 * KiB ** 3), region("storage", 64 * KiB ** 3)] });

const c: Runtime = { id: "edgewise-c", version: "1.0.0", summary: "", backends: [{ id: "portable", unitKind: "cpu", isas: [], precisions: ["int8"], numerics: "tflm" }] };
const onnx: Runtime = { id: "onnxruntime", version: "1.30.0", summary: "", backends: [{ id: "cpu", unitKind: "cpu", isas: [], precisions: ["float32", "int8"], numerics: "ort" }] };

function model(name: string, width: number): ModelFacts {
  return {
    file: `models/${name}.onnx`, digest: name, family: "digits", variant: name, resolution: { heightPx: 32, widthPx: 32 }, licence: null, parameters: width ** 2 * 100,
    macs: width ** 2 * 4000, input: { name: "in", dtype: "float32", shape: [1] }, output: { name: "out", dtype: "float32", shape: [1] }, quantized: false,
  };
}

const budget = (key: Budget["key"], limit: number, text: string): Budget => ({ key, relation: key === "accuracy" ? ">=" : "<=", limit, evidence: "assumed", text });
const target = (about: Pick<Target, "name" | "device" | "budgets"> & { readonly order: Target["prefer"]["order"] }): Target =>
  ({ name: about.name, device: about.device, budgets: about.budgets, precisions: null, runtimes: null, prefer: { order: about.order, tolerance: 0.05 } });

const spec: Spec = {
  version: 1, models: [],
  task: {
    kind: "image-classification", labelsFile: null, calibration: { data: "calib", samples: 100, method: "min-max" }, evaluation: { data: "eval", metric: "top1", timeBoxMs: 1000 },
    input: { kind: "tensor", scale: [1], offset: [0] }, output: { kind: "tensor" },
  },
  targets: [
    target({ name: "meter", device: pico.id, budgets: [budget("accuracy", 0.95, ">= 95 %"), budget("latency", 800, "<= 800 ms")], order: ["ram", "flash"] }),
    target({ name: "phone", device: phone.id, budgets: [budget("accuracy", 0.95, ">= 95 %")], order: ["bundle", "latency"] }),
    target({ name: "sensor", device: tiny.id, budgets: [budget("accuracy", 0.95, ">= 95 %"), budget("latency", 300, "<= 300 ms")], order: ["ram"] }),
  ],
};

function widthOf({ model: name }: Candidate): number {
  return Number(name.slice(1));
}

function factsOf(candidate: Candidate): TargetFacts {
  const { model: name, precision, resolution, device: id, runtime, runtimeVersion, backend } = candidate;
  const width = widthOf(candidate);
  const bytesEach = precision === "int8" ? 1 : 4;
  const weights = width ** 2 * 100 * bytesEach;
  const arena = width * 512 * bytesEach;
  const kind = runtime === "edgewise-c" ? "flash" : "storage";
  return {
    model: name, precision, resolution, device: id, runtime, runtimeVersion, backend,
    layers: [{ node: "/conv", op: "Conv", supported: true, rule: "conv", macs: width ** 2 * 4000 }],
    memory: [
      { region: "ram", items: [{ name: "arena", bytes: arena }, { name: "stack", bytes: 1024 }], total: exactly(arena + 1024), largestBufferBytes: arena },
      { region: kind, items: [{ name: "weights", bytes: weights }], total: exactly(weights), largestBufferBytes: weights },
    ],
    bundleBytes: exactly(weights),
    work: [{ unitKind: "cpu", macType: precision === "int8" ? "int8" : "float32", macs: width ** 2 * 4000, bytesMoved: weights, layers: 4 }],
  };
}

const correctByWidth: Readonly<Record<number, number>> = { 8: 371, 16: 392, 32: 399 };

function accuraciesOf(candidate: Candidate): readonly AccuracyFact[] {
  const correct = correctByWidth[widthOf(candidate)] ?? 0;
  const key = {
    model: candidate.model, precision: candidate.precision, resolution: candidate.resolution, calibration: candidate.precision === "int8" ? `c${widthOf(candidate)}` : null,
    numerics: candidate.runtime === "edgewise-c" ? "tflm" : "ort", data: "d", contract: "k", metric: "top1" as const,
  };
  const value: Estimate = { ...wilson(correct, samples), expected: correct / samples, basis: "measured" };
  return (["selection", "confirmation"] as const).map((half) => ({ kind: "accuracy", key, half, samples, available: samples, correct, paired: null, complete: true, stopped: "all-samples", value }));
}
