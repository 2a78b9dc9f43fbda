import { type Graph, type Node, type ValueId, valueOf } from "../../graph.ts";
import { storedRange } from "../../int8/multiplier.ts";
import type { OpName } from "../../op.ts";
import { arithmeticOf } from "../../quant-rule.ts";
import { type Quant, sameQuant } from "../../quant.ts";
import { clampable } from "../../verify.ts";
import { withClamp } from "../fuse-activation.ts";
import type { Pass } from "../pass.ts";
import { type Edit, type RuleContext, applyEdit, rewriteEach } from "../rewrite.ts";
import { unaryTable } from "./elementwise-lanes.ts";
import { finalSteps, sameSteps } from "./final-steps.ts";
import { type Lanes, hasLanes, hull } from "./lanes.ts";
import type { Range } from "./linear-lanes.ts";
import { readLanes } from "./read-lanes.ts";
import { understood } from "./understood.ts";

/** Ops of one int8 operand that answer each stored number with one. */
const tableOps: ReadonlySet<OpName> = new Set<OpName>(["Relu", "Clip", "LeakyRelu", "HardSwish", "Sigmoid", "Tanh", "Identity", "Quantize"]);

/**
 * Removes element-wise int8 ops (Relu, Clip, LeakyRelu, HardSwish, Identity, Quantize to another scale) by proof, not by form.
 *
 *   idle    it answers every number that can occur with itself, and the facts are equal: it goes
 *   ending  op → table becomes the op with the table's scale, zero point and clamp, if the op's final step then gives the
 *           same answer for every sum that can occur (`sameSteps`): Conv, Gemm, Add, Sub, Mul, pools, GlobalAveragePool
 *   joined  table → table becomes one of them, if all answers that can occur are equal
 *
 * What can occur is known from `readLanes`. A change of scale rounds twice and mostly fails the proof: it stays, as does a
 * constant Add or Mul after a Conv. Does not apply to a value that is read elsewhere or is a graph output (ending, joined),
 * nor to a table that falls as its operand grows (ending).
 */
export const fuseTables: Pass = {
  name: "fuse-tables",
  summary: "works element-wise int8 ops into the op before where all answers agree",
  run(graph: Graph): Graph {
    if (!graph.nodes.some((node) => isTable(graph, node))) return graph;
    // Edits keep the ids and the contents of values, so that what is known of them stays true.
    const { lanes } = readLanes(graph);
    return rewriteEach(graph, (context) => (isTable(context.graph, context.node) ? understood(() => dropIdle(context, lanes) ?? fuse(context, lanes)) : null));
  },
};

function isTable(graph: Graph, node: Node): boolean {
  if (!tableOps.has(node.op) || !["int8", "quantize"].includes(arithmeticOf(graph, node))) return false;
  return [node.inputs[0], node.outputs[0]].every((id) => id != null && hasLanes(valueOf(graph, id))) && valueOf(graph, node.inputs[0] ?? "").constant === null;
}

type Known = ReadonlyMap<ValueId, Lanes>;

function tableOf(graph: Graph, node: Node): Int8Array | null {
  const output = valueOf(graph, node.outputs[0] ?? "");
  return hasLanes(output) ? unaryTable({ graph, node, output }) : null;
}

function rangeOf(lanes: Known, id: ValueId | null | undefined): Range {
  const known = lanes.get(id ?? "");
  return known ? hull(known) : { low: -128, high: 127 };
}

/** Stored numbers of a range. */
function within({ low, high }: Range): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

function dropIdle({ graph, uses, node }: RuleContext, lanes: Known): Edit | null {
  const [input = ""] = node.inputs;
  const [output = ""] = node.outputs;
  const table = tableOf(graph, node);
  if (input === null || table === null || !sameQuant(valueOf(graph, input).quant, valueOf(graph, output).quant)) return null;
  if (!within(rangeOf(lanes, input)).every((stored) => table[stored + 128] === stored)) return null;
  if (!uses.isOutput(output)) return { replace: new Map([[node, []]]), rename: new Map([[output, input]]) };
  const producer = uses.producer(input);
  if (!producer || uses.isOutput(input)) return null;
  const outputs = producer.outputs.map((id) => (id === input ? output : id));
  return { replace: new Map([[producer, [{ ...producer, outputs }]], [node, []]]), rename: new Map([[input, output]]) };
}

function fuse({ graph, uses, node }: RuleContext, lanes: Known): Edit | null {
  const [input = null] = node.inputs;
  const [output = null] = node.outputs;
  const producer = input === null ? null : uses.producer(input);
  const table = tableOf(graph, node);
  if (!producer || input === null || output === null || table === null || uses.onlyConsumer(input) !== node || producer.outputs.length !== 1) return null;
  const fused = isTable(graph, producer) ? joined({ graph, producer, node, table, lanes }) : ended({ graph, producer, node, table, lanes });
  return fused && { replace: new Map([[producer, []], [node, [fused]]]) };
}

interface Pair {
  readonly graph: Graph;
  readonly producer: Node;
  readonly node: Node;
  readonly table: Int8Array;
  readonly lanes: Known;
}

/** Either op alone, over the whole way. */
function joined({ graph, producer, node, table, lanes }: Pair): Node | null {
  const before = tableOf(graph, producer);
  const candidates: readonly Node[] = [{ ...producer, outputs: node.outputs }, { ...node, inputs: [producer.inputs[0] ?? null, ...node.inputs.slice(1)] }];
  const stored = within(rangeOf(lanes, producer.inputs[0]));
  const equal = (candidate: Node): boolean => {
    const alone = allowsFacts(graph, candidate) ? tableOf(graph, candidate) : null;
    return before !== null && alone !== null && stored.every((x) => alone[x + 128] === table[(before[x + 128] ?? 0) + 128]);
  };
  return candidates.find(equal) ?? null;
}

/** Sigmoid and Tanh have one scale for their results. */
function allowsFacts(graph: Graph, node: Node): boolean {
  if (node.op !== "Sigmoid" && node.op !== "Tanh") return true;
  const quant = valueOf(graph, node.outputs[0] ?? "").quant;
  return quant?.scale[0] === (node.op === "Sigmoid" ? 1 / 256 : 1 / 128) && quant.zeroPoint[0] === (node.op === "Sigmoid" ? -128 : 0);
}

/** The op before with the table's facts, without a clamp or with the one that the table amounts to. */
function ended({ graph, producer, node, table, lanes }: Pair): Node | null {
  const quant = valueOf(graph, node.outputs[0] ?? "").quant;
  if (!clampable.has(producer.op) || quant === null || !keepsFacts(graph, producer, quant)) return null;
  const steps = finalSteps(graph, producer, lanes);
  if (steps === null) return null;
  const reach = { low: Math.min(...steps.map((step) => step.answer(step.low))), high: Math.max(...steps.map((step) => step.answer(step.high))) };
  const answers = within(reach).map((stored) => table[stored + 128] ?? 0);
  if (answers.some((answer, i) => answer < (answers[i - 1] ?? -128))) return null;
  const bare = withClamp({ ...producer, outputs: node.outputs }, { low: -Infinity, high: Infinity });
  const limited = clamped(bare, { quant, low: answers[0] ?? -128, high: answers.at(-1) ?? 127 });
  return [bare, limited].filter((candidate) => candidate !== null).find((candidate) => {
    const after = finalSteps(applyEdit(graph, { replace: new Map([[producer, []], [node, [candidate]]]) }), candidate, lanes);
    return after !== null && steps.every((step, i) => sameSteps((sum) => table[step.answer(sum) + 128] ?? 0, (sum) => after[i]?.answer(sum) ?? NaN, step));
  }) ?? null;
}

/** Pools have one scale for operand and result. */
function keepsFacts(graph: Graph, { op, inputs }: Node, quant: Quant): boolean {
  return (op !== "MaxPool" && op !== "AveragePool") || sameQuant(valueOf(graph, inputs[0] ?? "").quant, quant);
}

/** The clamp in real numbers whose stored limits are `low` and `high`; null if rounding does not give them back. */
function clamped(node: Node, { quant, low, high }: { readonly quant: Quant } & Range): Node | null {
  const real = (stored: number): number => (quant.scale[0] ?? 1) * (stored - (quant.zeroPoint[0] ?? 0));
  const limits = { low: low === -128 ? -Infinity : real(low), high: high === 127 ? Infinity : real(high) };
  const { min, max } = storedRange(quant, limits.low, limits.high);
  return min === low && max === high ? withClamp(node, limits) : null;
}
