import { type Diagnostic, type Graph, type Node, propagateShapes } from "@edgewise/graph";
import type { MilProgram } from "../mil.ts";
import { addOperand, graphProblem, newBuild } from "./build.ts";
import { classLabels } from "./classify.ts";
import { liftOperation } from "./operation.ts";

export interface Assembled {
  /** Meaningful only without problems. */
  readonly graph: Graph;
  readonly labels: readonly string[] | null;
  readonly problems: readonly Diagnostic[];
}

/** Program → graph. Every problem is reported. */
export function assemble(program: MilProgram, file: string): Assembled {
  const build = newBuild(program, file);
  const nodes: Node[] = [];
  for (const operation of program.operations) nodes.push(...liftOperation(build, operation));
  const { labels, probabilities } = classLabels(build);
  const outputs = [...(probabilities === null ? [] : [probabilities]), ...program.outputs.filter((name) => build.producers.get(name)?.type !== "classify")];
  for (const id of outputs) if (!build.values.has(id) && !addOperand(build, id)) build.problems.push(graphProblem("An output is made by nothing", id));
  for (const { inputs } of nodes) for (const id of inputs) if (id !== null && !build.values.has(id)) build.problems.push(graphProblem("An operation computes with something that is not numeric", id));
  if (outputs.length === 0) build.problems.push(graphProblem("The program has no outputs", "0 outputs"));
  const graph: Graph = { name: "main", inputs: program.inputs.map(({ name }) => name), outputs, nodes, values: build.values, metadata: {} };
  if (build.problems.length > 0) return { graph, labels, problems: build.problems };
  const shaped = propagateShapes(graph);
  return shaped.ok ? { graph: shaped.value, labels, problems: [] } : { graph, labels, problems: shaped.errors };
}
