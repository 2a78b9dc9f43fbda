import { type Graph, type Tensor, invariant, prepareInterpreter } from "@edgewise/graph";

/** Computes a graph's first output for one input, as one arithmetic does. */
export interface Machine {
  predict(input: Tensor): Promise<Tensor>;
  close(): Promise<void>;
}

/** Arithmetics by the name before "@" in `Backend.numerics`; onnxruntime is loaded only when it is asked for. */
const machines: Readonly<Record<string, (graph: Graph) => Promise<Machine>>> = {
  "edgewise-int8": interpreterMachine,
  "onnxruntime-cpu": ortMachine,
};

export async function machineFor(numerics: string, graph: Graph): Promise<Machine> {
  const make = machines[numerics.split("@")[0] ?? ""];
  invariant(make !== undefined, `a machine that computes as ${numerics}`);
  return make(graph);
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
