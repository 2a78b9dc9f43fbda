import type { Backend, Precision, Runtime } from "@edgewise/planner/schema";

/** The onnxruntime release that bundles are tested with; its numerics and memory stand behind every promise. */
const VERSION = "1.30.0";

/** Precisions that this runtime computes in. */
export type OnnxPrecision = Extract<Precision, "float32" | "float16" | "int8-weights" | "int8">;

const precisions: readonly OnnxPrecision[] = ["float32", "float16", "int8-weights", "int8"];

/** Native library: servers, laptops, boards, phones. */
const cpu: Backend = { id: "cpu", unitKind: "cpu", isas: ["x86-64", "x86-64-avx2", "x86-64-avx512", "armv8-a", "armv8.2-a", "armv9-a"], precisions, numerics: `onnxruntime-cpu@${VERSION}` };

/** WebAssembly in a browser, one thread. The kernels are compiled from the same sources as the native ones. */
const wasm: Backend = { id: "wasm", unitKind: "cpu", isas: ["wasm-simd"], precisions, numerics: `onnxruntime-cpu@${VERSION}` };

/** Whether this runtime has a precision; what is asked of it in another one is refused. */
export function hasPrecision(precision: Precision): precision is OnnxPrecision {
  return precisions.some((own) => own === precision);
}

export const runtime: Runtime = {
  id: "onnxruntime", version: VERSION, summary: "ONNX Runtime: one model file for servers, boards, phones and browsers",
  backends: [cpu, wasm],
};
