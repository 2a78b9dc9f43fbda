import type { ModelFile } from "@edgewise/adapter";
import { type Graph, type Tensor, invariant, prepareInterpreter } from "@edgewise/graph";
import { type AccuracyKey, type Unmeasured, precisions } from "@edgewise/planner/schema";
import { adapters } from "../adapters.ts";
import { Trouble } from "../disk/trouble.ts";
import { LITERT_PACKAGE, openLitertFile } from "./litert-model.ts";

/** Computes a graph's first output for one input, as one arithmetic does. */
export interface Machine {
  predict(input: Tensor): Promise<Tensor>;
  close(): Promise<void>;
}

export type MachineKey = Pick<AccuracyKey, "numerics" | "precision">;

interface Arithmetic {
  readonly open: (graph: Graph, key: MachineKey) => Promise<Machine>;
  /** What would make it run here, where it does not; null: it runs. */
  readonly missing: () => Promise<string | null>;
}

const always = async (): Promise<null> => null;

/** Arithmetics by the name before "@" in `Backend.numerics`; a runtime is loaded only when it is asked for. */
const arithmetics: ReadonlyMap<string, Arithmetic> = new Map(Object.entries({
  "edgewise-int8": { open: interpreterMachine, missing: always },
  "onnxruntime-cpu": { open: ortMachine, missing: always },
  "litert-cpu": { open: litertMachine, missing: litertGap },
}));

export async function machineFor(key: MachineKey, graph: Graph): Promise<Machine> {
  const arithmetic = arithmetics.get(nameOf(key.numerics));
  invariant(arithmetic !== undefined, `a machine that computes as ${key.numerics}`);
  return arithmetic.open(graph, key);
}

/**
 * Of the arithmetics that candidates name, those that cannot be run here. Sorted by numerics.
 *
 * In float32 the answers of all runtimes are the reference's but for the last bits, and every bundle states by how much: a
 * runtime that is missing is no gap there.
 */
export async function unmeasuredHere(numerics: Iterable<string>): Promise<readonly Unmeasured[]> {
  const gaps: Unmeasured[] = [];
  for (const id of [...new Set(numerics)].sort()) {
    const arithmetic = arithmetics.get(nameOf(id));
    const missing = arithmetic === undefined ? `a machine that computes as ${id}: only its device does` : await arithmetic.missing();
    if (missing !== null) gaps.push({ numerics: id, precisions: arithmetic === undefined ? precisions : precisions.filter((precision) => precision !== "float32"), missing });
  }
  return gaps;
}

function nameOf(numerics: string): string {
  return numerics.split("@")[0] ?? "";
}

/** The reference interpreter: what emitted C computes, bit for bit. */
export async function interpreterMachine(graph: Graph): Promise<Machine> {
  const [input = "", output = ""] = [graph.inputs[0], graph.outputs[0]];
  const run = prepareInterpreter(graph);
  return {
    async predict(tensor) {
      const result = run(new Map([[input, tensor]])).get(output);
      invariant(result !== undefined, `the graph returns ${output}`);
      return result;
    },
    close: async () => undefined,
  };
}

/** onnxruntime as applications run it: every optimization, one thread. */
async function ortMachine(graph: Graph): Promise<Machine> {
  const { ortRunner } = await import("@edgewise/measure");
  const runner = ortRunner("all");
  const [input = "", output = ""] = [graph.inputs[0], graph.outputs[0]];
  return {
    async predict(tensor) {
      const result = (await runner.run(graph, new Map([[input, tensor]]), [output])).get(output);
      invariant(result !== undefined, `the model returns ${output}`);
      return result;
    },
    close: () => runner.close(),
  };
}

async function litertGap(): Promise<string | null> {
  const { isLitertInstalled } = await import("@edgewise/measure");
  return isLitertInstalled() ? null : `LiteRT, to measure it in: npm install ${LITERT_PACKAGE}, then plan make`;
}

/** LiteRT on the file that the adapter would ship; onnxruntime in float32 where LiteRT is not installed. */
async function litertMachine(graph: Graph, key: MachineKey): Promise<Machine> {
  if (key.precision === "float32" && await litertGap() !== null) return ortMachine(graph);
  const model = await openLitertFile(modelFileOf(graph, key));
  return { predict: (tensor) => model.predict(tensor), close: async () => model.close() };
}

/** The file of a graph as the runtime that computes with these numerics takes it. */
function modelFileOf(graph: Graph, { numerics, precision }: MachineKey): ModelFile {
  const adapter = adapters.find(({ runtime }) => runtime.backends.some((backend) => backend.numerics === numerics));
  const file = adapter?.modelFile?.(graph, precision);
  invariant(file !== undefined, `an adapter writes files for ${numerics}`);
  if (!file.ok) throw new Trouble(file.errors);
  return file.value;
}
