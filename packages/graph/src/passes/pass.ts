import type { Graph } from "../graph.ts";

/** A rewriting that keeps what the graph computes. The same object back means that nothing changed. */
export interface Pass {
  readonly name: string;
  readonly summary: string;
  run(graph: Graph): Graph;
}
