import { programBytes } from "../../packages/adapter-litert/src/encode.ts";
import { lowerForLitert } from "../../packages/adapter-litert/src/lower.ts";
import type { ProgramPort } from "../../packages/formats/src/tflite/index.ts";
import { type DType, type Graph, type Tensor, type ValueId, allocate, invariant, valueOf } from "../../packages/graph/src/index.ts";
import type { Runner } from "../../packages/quantizer/src/index.ts";
import type { Precision } from "../../packages/planner/src/schema/index.ts";
import { valueOrThrow } from "../../packages/measure/src/testing/corpus.ts";
import type { Judge, JudgeModel, Kernels } from "./judge.ts";

/** A tensor as the file has it, or back: pictures [N, C, H, W] are [N, H, W, C] in a file where the port says so. */
export function crossed(tensor: Tensor, { layout, shape }: Pick<ProgramPort, "layout" | "shape">, direction: "in" | "out"): Tensor {
  if (layout === "as-graph") return { ...tensor, shape };
  const perm = direction === "in" ? [0, 2, 3, 1] : [0, 3, 1, 2];
  return transposed(direction === "in" ? tensor : { ...tensor, shape }, perm);
}

function transposed({ dtype, shape, data }: Tensor, perm: readonly number[]): Tensor {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const dims = perm.map((axis) => shape[axis] ?? 1);
  const moved = allocate(dtype, data.length);
  const at = dims.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    const from = perm.reduce((sum, axis, k) => sum + (at[k] ?? 0) * (steps[axis] ?? 1), 0);
    moved[i] = data[from] as never;
    for (let k = dims.length - 1; k >= 0; k--) {
      at[k] = (at[k] ?? 0) + 1;
      if (at[k] !== dims[k]) break;
      at[k] = 0;
    }
  }
  return { dtype, shape: dims, data: moved };
}

interface Open {
  readonly model: JudgeModel;
  readonly inputs: readonly ProgramPort[];
  readonly outputs: readonly ProgramPort[];
}

/** A runner that emits each graph and runs the file on the judge. */
export interface LitertRunner extends Runner {
  close(): Promise<void>;
}

export interface LitertRunnerOptions {
  readonly kernels: Kernels;
  /** In which the graphs are. */
  readonly precision: Precision;
}

export interface EmittedFile {
  /** model.tflite without metadata. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly ProgramPort[];
  readonly outputs: readonly ProgramPort[];
}

/** The file that adapter-litert emits for a graph in its precision. */
export function emitted(graph: Graph, precision: Precision): EmittedFile {
  const { program, inputs, outputs } = valueOrThrow(lowerForLitert(graph, precision));
  return { bytes: programBytes(program), inputs, outputs };
}

/** One file is open for a graph and its fetched values, for as long as the runner is. */
export function litertRunner(judge: Judge, { kernels, precision }: LitertRunnerOptions): LitertRunner {
  const opened = new Map<Graph, Map<string, Promise<Open>>>();
  const open = async (graph: Graph, outputs: readonly ValueId[]): Promise<Open> => {
    const file = emitted({ ...graph, outputs }, precision);
    return { ...file, model: await judge.open(file.bytes, { kernels }) };
  };
  const fileOf = (graph: Graph, outputs: readonly ValueId[]): Promise<Open> => {
    const files = opened.get(graph) ?? new Map<string, Promise<Open>>();
    opened.set(graph, files);
    const file = files.get(outputs.join()) ?? open(graph, outputs);
    files.set(outputs.join(), file);
    return file;
  };
  return {
    async run(graph, feeds, fetch) {
      const { model, inputs, outputs } = await fileOf(graph, fetch);
      const given = inputs.map((port) => {
        const tensor = feeds.get(port.value);
        invariant(tensor !== undefined, `${port.value} is fed`);
        return crossed(tensor, port, "in");
      });
      const answers = await runStored(model, given);
      return new Map(outputs.map((port, i) => {
        const answer = answers[i];
        invariant(answer !== undefined, "an answer for each output");
        return [port.value, restored(crossed(answer, port, "out"), graph, port.value)];
      }));
    },
    async close() {
      for (const files of opened.values()) for (const file of files.values()) await (await file).model.close();
      opened.clear();
    },
  };
}

/** A graph is int8 throughout; a file whose weights have zero points is uint8, and all its numbers are 128 more. */
export function asFiled(tensor: Tensor, port: { readonly dtype: DType } | undefined): Tensor {
  return port?.dtype === "uint8" && tensor.dtype === "int8" ? { ...tensor, dtype: "uint8", data: Uint8Array.from(tensor.data as Int8Array, (x) => x + 128) } : tensor;
}

/** Runs a file on a graph's numbers, and gives them back as the graph has them. */
export async function runStored(model: JudgeModel, inputs: readonly Tensor[]): Promise<readonly Tensor[]> {
  const answers = await model.run(inputs.map((tensor, i) => asFiled(tensor, model.inputs[i])));
  return answers.map((answer) => (answer.dtype === "uint8" ? { ...answer, dtype: "int8", data: Int8Array.from(answer.data as Uint8Array, (x) => x - 128) } : answer));
}

/** With the shape that the graph has. */
function restored({ dtype, data }: Tensor, graph: Graph, id: ValueId): Tensor {
  return { dtype: dtype as DType, shape: (valueOf(graph, id).shape ?? []).map(Number), data };
}
