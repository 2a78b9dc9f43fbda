import { type Graph, parseGraph, printGraph, propagateShapes } from "@edgewise/graph";
import type { Pass } from "@edgewise/graph/passes";

/** The text form of what a pass makes of a graph in text form; shapes are propagated before and after. */
export function rewritten(pass: Pass, text: string): string {
  return printGraph(shaped(pass.run(shaped(parseGraph(text)))));
}

/** The text as the printer writes it, with propagated shapes: what `rewritten` is compared with. */
export function normalized(text: string): string {
  return printGraph(shaped(parseGraph(text)));
}

function shaped(graph: Graph): Graph {
  const result = propagateShapes(graph);
  if (!result.ok) throw new Error(`the test's graph has conflicting shapes: ${JSON.stringify(result.errors)}`);
  return result.value;
}
