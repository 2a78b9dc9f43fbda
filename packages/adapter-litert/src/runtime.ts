import type { Backend, Precision, Runtime } from "@edgewise/planner/schema";

/** The release of com.google.ai.edge.litert:litert on Google's Maven repository that bundles name, and whose rules stand in `delegates/`. */
export const LITERT_VERSION = "2.3.0";

/** Precisions in which a .tflite file is written. */
export type LitertPrecision = (typeof litertPrecisions)[number];

export const litertPrecisions = ["float32", "float16", "int8-weights", "int8-dynamic", "int8", "int16x8"] as const;

export function hasPrecision(precision: Precision): precision is LitertPrecision {
  return litertPrecisions.some((each) => each === precision);
}

const arm: readonly string[] = ["armv8-a", "armv8.2-a", "armv9-a"];

/** XNNPACK, and LiteRT's own kernels for what it leaves. */
const cpu: Backend = {
  id: "cpu", unitKind: "cpu", isas: arm, precisions: litertPrecisions, numerics: `litert-cpu@${LITERT_VERSION}`,
};

/** No accelerator can be run where plans are made; the same file on LiteRT's CPU path is the nearest to it. */
const standIn = cpu.numerics;

/** Precisions that an accelerator's rules say something of. */
const float: readonly Precision[] = ["float32", "float16"];

const gpu: Backend = { id: "gpu", unitKind: "gpu", isas: [], precisions: [...float, "int8-weights", "int8-dynamic", "int8"], numerics: `litert-gpu@${LITERT_VERSION}`, standIn };

/** Deprecated from Android 15; `nnapiNotice` says what it still takes. */
const nnapi: Backend = { id: "nnapi", unitKind: "npu", isas: [], precisions: [...float, "int8"], numerics: "nnapi@1.3", standIn };

/** Through CompiledModel: Qualcomm, MediaTek and Google Tensor, by the device's chip. */
const npu: Backend = { id: "npu", unitKind: "npu", isas: [], precisions: ["float32", "int8", "int16x8"], numerics: `litert-npu@${LITERT_VERSION}`, standIn };

export const runtime: Runtime = {
  id: "litert", version: LITERT_VERSION, summary: "LiteRT: one .tflite file for Android's CPU, GPU and NPUs",
  backends: [cpu, gpu, nnapi, npu],
};
