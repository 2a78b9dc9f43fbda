import type { Graph, Tensor } from "@edgewise/graph";

/**
 * Runs a float graph on real inputs and returns the named values. A port: `@edgewise/measure` implements it on
 * onnxruntime, `@edgewise/quantizer` on the reference interpreter.
 */
export interface Runner {
  /** `feeds` by input id; resolves to one tensor per id in `fetch`, which may name any value of the graph. */
  run(graph: Graph, feeds: ReadonlyMap<string, Tensor>, fetch: readonly string[]): Promise<ReadonlyMap<string, Tensor>>;
}
