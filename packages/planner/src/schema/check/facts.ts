import { z } from "zod";
import type { AccuracyFact, AccuracyKey, CalibrationFact, DeviceRun, EvaluationFacts, LatencyFact, ModelFacts, PairedCounts, TargetFacts } from "../facts.ts";
import { byteCount, digest, estimate, precision, resolution } from "./scalars.ts";

const port = z.strictObject({ name: z.string(), dtype: z.string(), shape: z.array(z.union([z.number(), z.string()])) });

export const modelFacts: z.ZodType<ModelFacts> = z.strictObject({
  file: z.string(), digest, family: z.string(), variant: z.string(), resolution, licence: z.string().nullable(),
  parameters: byteCount, macs: byteCount, input: port, output: port, quantized: z.boolean(),
});

const unitKind = z.enum(["cpu", "gpu", "npu"]);

export const targetFacts: z.ZodType<TargetFacts> = z.strictObject({
  model: digest, precision, resolution,
  device: z.string(), runtime: z.string(), runtimeVersion: z.string(), backend: z.string(),
  layers: z.array(z.strictObject({ node: z.string(), op: z.string(), supported: z.boolean(), rule: z.string(), macs: byteCount, unitKind: unitKind.exactOptional() })),
  memory: z.array(z.strictObject({
    region: z.enum(["ram", "flash", "storage"]),
    items: z.array(z.strictObject({ name: z.string(), bytes: byteCount })),
    total: estimate, largestBufferBytes: byteCount,
  })),
  bundleBytes: estimate,
  work: z.array(z.strictObject({ unitKind, macType: z.string(), macs: byteCount, bytesMoved: byteCount, layers: byteCount, instructions: estimate.exactOptional(), constantBytes: byteCount.exactOptional() })),
  delegateCoverage: estimate.exactOptional(),
  largestUndelegated: z.strictObject({ node: z.string(), op: z.string(), rule: z.string() }).exactOptional(),
});

export const metric: z.ZodType<AccuracyKey["metric"]> = z.enum(["top1", "top5", "per-class-minimum", "f1", "mse", "agreement"]);

export const accuracyKey: z.ZodType<AccuracyKey> = z.strictObject({
  model: digest, precision, resolution, calibration: digest.nullable(), numerics: z.string(), data: digest, contract: digest, metric,
});

const paired: z.ZodType<PairedCounts> = z.strictObject({ bothRight: byteCount, lost: byteCount, gained: byteCount, bothWrong: byteCount });

export const accuracyFact: z.ZodType<AccuracyFact> = z.strictObject({
  kind: z.literal("accuracy"), key: accuracyKey, half: z.enum(["selection", "confirmation"]), samples: byteCount,
  available: byteCount, correct: byteCount.nullable(), paired: paired.nullable(),
  complete: z.boolean(), stopped: z.enum(["all-samples", "decided", "time-box"]), value: estimate,
});

export const calibrationFact: z.ZodType<CalibrationFact> = z.strictObject({
  key: digest, model: digest, data: digest, contract: digest, method: z.enum(["min-max", "percentile", "mse"]), samples: byteCount,
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
  means: z.record(z.string(), z.array(z.number())),
});

const runs = z.strictObject({ runs: byteCount, durationMs: z.number(), p50Ms: z.number(), p95Ms: z.number() });

const deviceRun: z.ZodType<DeviceRun> = z.strictObject({
  artefact: digest, device: z.string(), os: z.string(), threads: byteCount.nullable(), ranOn: z.string(), burst: runs, sustained: runs.nullable(),
  delegateCoverage: estimate.nullable(), memoryHighWaterBytes: byteCount.nullable(), energyJoules: z.number().nullable(),
});

export const latencyFact: z.ZodType<LatencyFact> = z.strictObject({
  kind: z.literal("latency"), device: z.string(), runtime: z.string(), runtimeVersion: z.string(), backend: z.string(), model: digest, precision, resolution,
  runs: byteCount, p50Ms: z.number(), p95Ms: z.number(), value: estimate, run: deviceRun.exactOptional(),
});

export const evaluationFacts: z.ZodType<EvaluationFacts> = z.strictObject({
  data: digest, contract: digest, samples: z.strictObject({ selection: byteCount, confirmation: byteCount }),
});
