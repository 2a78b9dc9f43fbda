import { writeOnnx } from "@edgewise/formats/onnx";
import type { Graph } from "@edgewise/graph";
import type { Runner } from "@edgewise/quantizer";
import { type OpenModel, type Optimization, openModel } from "./session.ts";

/** A runner that holds open models until it is closed. */
export interface OrtRunner extends Runner {
  close(): Promise<void>;
}

/** Open models that are kept; beyond it the one opened first is closed. */
const MAX_OPEN = 4;

interface CachedModel {
  readonly fetch: string;
  readonly model: Promise<OpenModel>;
}

/**
 * Runs graphs on onnxruntime. Values asked for beside the outputs become outputs of the model that is opened; one open
 * model is kept per graph, for a few graphs, and replaced when other values are asked for. One run at a time.
 *
 * "basic" by default: rewrites that keep the arithmetic of each op. "all" fuses activations and lays tensors out for
 * the machine, as shipped applications do.
 */
export function ortRunner(optimization: Optimization = "basic"): OrtRunner {
  const opened = new Map<Graph, CachedModel>();
  const modelOf = async (graph: Graph, fetch: readonly string[]): Promise<OpenModel> => {
    const wanted = JSON.stringify(fetch);
    const known = opened.get(graph);
    if (known?.fetch === wanted) return known.model;
    opened.delete(graph);
    if (known !== undefined) await (await known.model).close();
    const beside = fetch.filter((id) => !graph.outputs.includes(id) && !graph.inputs.includes(id));
    const model = openModel(writeOnnx(graph, { fetch: beside }).model, optimization);
    opened.set(graph, { fetch: wanted, model });
    const [oldest] = opened.keys();
    if (opened.size > MAX_OPEN && oldest !== undefined) {
      const { model: closing } = opened.get(oldest) ?? { model };
      opened.delete(oldest);
      await (await closing).close();
    }
    return model;
  };
  return {
    async run(graph, feeds, fetch) {
      const model = await modelOf(graph, fetch);
      const computed = fetch.filter((id) => !graph.inputs.includes(id));
      const results = computed.length === 0 ? new Map() : await model.run(feeds, computed);
      return new Map(fetch.map((id) => [id, results.get(id) ?? feeds.get(id)]));
    },
    async close() {
      const models = [...opened.values()];
      opened.clear();
      for (const { model } of models) await (await model).close();
    },
  };
}
