import type { Tensor } from "@edgewise/graph";
import * as ort from "onnxruntime-node";
import { fromOrt, toOrt } from "./tensor.ts";

/** How far onnxruntime may rewrite a graph. "disabled" runs it as written; "all" is what applications ship. */
export type Optimization = "disabled" | "basic" | "extended" | "all";

/** An open model. One run at a time; close it to give its memory back. */
export interface OpenModel {
  /** Names as in the file. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  run(feeds: ReadonlyMap<string, Tensor>, fetch?: readonly string[]): Promise<ReadonlyMap<string, Tensor>>;
  close(): Promise<void>;
}

/**
 * Opens an ONNX model on onnxruntime's CPU provider: one thread and sequential, so that sums are taken in one order and
 * results repeat. Rejects with onnxruntime's own words when it refuses the model.
 */
export async function openModel(bytes: Uint8Array, optimization: Optimization): Promise<OpenModel> {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ["cpu"], executionMode: "sequential", intraOpNumThreads: 1, interOpNumThreads: 1,
    graphOptimizationLevel: optimization, logSeverityLevel: 3,
    // Weight-only int8 multiplies in float32, as bundles ask for; onnxruntime's own default rounds activations to int8.
    extra: { session: { qdq_matmulnbits_accuracy_level: "1" } },
  });
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, fetch = session.outputNames) {
      const given = Object.fromEntries([...feeds].map(([name, tensor]) => [name, toOrt(tensor)]));
      const results = await session.run(given, [...fetch]);
      return new Map(Object.entries(results).map(([name, value]) => [name, fromOrt(value)]));
    },
    close: () => session.release(),
  };
}

/** One run of a model's bytes, as the plan's bundle ships them. */
export async function runModel(bytes: Uint8Array, feeds: ReadonlyMap<string, Tensor>, optimization: Optimization = "all"): Promise<ReadonlyMap<string, Tensor>> {
  const model = await openModel(bytes, optimization);
  try {
    return await model.run(feeds);
  } finally {
    await model.close();
  }
}
