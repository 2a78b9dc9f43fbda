import { type Graph, type Tensor, prepareInterpreter } from "@edgewise/graph";
import type { Runner } from "./runner.ts";

/** The runner on the reference interpreter: exact and everywhere; a graph is prepared once for a list of values. */
export function interpreterRunner(): Runner {
  const prepared = new WeakMap<Graph, { readonly key: string; readonly run: (feeds: ReadonlyMap<string, Tensor>) => ReadonlyMap<string, Tensor> }>();
  return {
    async run(graph, feeds, fetch) {
      const key = JSON.stringify(fetch);
      let known = prepared.get(graph);
      if (known?.key !== key) {
        known = { key, run: prepareInterpreter(graph, { fetch }) };
        prepared.set(graph, known);
      }
      return known.run(feeds);
    },
  };
}
