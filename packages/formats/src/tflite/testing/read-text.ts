import { type Attrs, type Diagnostic, type Graph, parseGraph, printGraph } from "@edgewise/graph";
import { readTflite } from "../read.ts";
import { type TestModel, type TestOperator, type TestTensor, tfliteFile } from "./tflite-file.ts";

/** A model of one operator: its tensors in order, of which those without contents that come before `outputs` are fed. */
export interface OneOperator {
  readonly op: string;
  readonly tensors: readonly TestTensor[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options?: TestOperator["options"];
}

export function oneOperator({ op, tensors, inputs, outputs, options }: OneOperator): TestModel {
  const fed = tensors.flatMap((tensor, i) => tensor.data === undefined && !outputs.includes(i) ? [i] : []);
  return { tensors, operators: [{ op, inputs, outputs, ...(options ? { options } : {}) }], inputs: fed, outputs };
}

export function readModel(model: TestModel): Graph {
  const result = readTflite(tfliteFile(model), { file: "test.tflite" });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** The graph's text without the names of its nodes and file, attributes sorted: what is computed from what. */
export function readText(model: TestModel): string {
  return printGraph(anonymous(readModel(model)));
}

/** A graph's text as `readText` prints it. */
export function text(source: string): string {
  return printGraph(anonymous(parseGraph(source)));
}

function anonymous(graph: Graph): Graph {
  const sorted = (attrs: Attrs): Attrs => Object.fromEntries(Object.entries(attrs).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { ...graph, name: "main", nodes: graph.nodes.map((node) => ({ ...node, attrs: sorted(node.attrs), origin: { file: "", node: node.outputs[0] ?? "" } })) };
}

export function problemsOf(model: TestModel): readonly Diagnostic[] {
  const result = readTflite(tfliteFile(model), { file: "test.tflite" });
  return result.ok ? [] : result.errors;
}
