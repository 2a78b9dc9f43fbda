import type { Graph, Node, ValueId } from "../../graph.ts";
import type { Pass } from "../pass.ts";
import { withoutLanes } from "./cut-lanes.ts";
import { type Lane, laneClasses, takesIn } from "./lane-classes.ts";
import type { Int8Linear } from "./linear.ts";
import { type LaneFacts, readLanes } from "./read-lanes.ts";

/**
 * Removes channels of int8 graphs that carry no information, with the filters that make them and the weights that read
 * them. The answers keep every bit.
 *
 *   unread    every sum (Conv, Gemm) that reads the channel has weight zero for it in each filter that is left
 *   constant  its smallest and largest stored number are one c (`linearLanes`, then through every op with a rule); each
 *             sum that reads it gets Σ weight · (c − zero) on its int32 bias
 *
 * A constant that is not the zero point folds into a padded Conv only if all border classes of the window give one sum:
 * the padding holds the zero point, not c. So a depthwise Conv with padding hands on a constant only where its clamp makes
 * all borders agree; else its reader would need a bias for each class, and the channel stays. Element-wise ops, pools,
 * moves and depthwise Convs go along with the channel (`laneClasses`).
 *
 * Does not apply to channels of the graph's inputs and outputs, to grouped Convs that are not depthwise, to ops without a
 * rule (`readLanes`), to the last channel of a value (the last two of a Gemm with several weight scales, whose arithmetic
 * is another with one), nor where a bias would leave int32.
 * Source: adr/0002 for the arithmetic; the laws in drop-channels.test.ts.
 */
export const dropChannels: Pass = {
  name: "drop-channels",
  summary: "removes int8 channels that are constant or unread",
  run(graph: Graph): Graph {
    const after = dropOnce(graph);
    // A depthwise Conv left with one channel is a plain one, which may do with fewer lanes of its input.
    return after === graph ? graph : dropChannels.run(after);
  },
};

function dropOnce(graph: Graph): Graph {
  const facts = readLanes(graph);
  const state = startState(graph, facts);
  const classes = laneClasses(graph, facts);
  let left = classes;
  // A filter that goes may be the last that read another channel.
  for (let before = -1; before !== left.length;) {
    before = left.length;
    left = left.filter((lanes) => !dropClass(state, lanes));
  }
  return left.length === classes.length ? graph : withoutLanes(graph, { facts, live: state.live, biases: state.biases });
}

const INT32_MAX = 2147483647;

interface State {
  readonly facts: LaneFacts;
  /** Sums that read a value's lanes, by value. */
  readonly readers: ReadonlyMap<ValueId, readonly Int8Linear[]>;
  /** Lanes that a value must keep, where that is not 1. */
  readonly least: ReadonlyMap<ValueId, number>;
  /** 1 for each lane that is left, by value. */
  readonly live: ReadonlyMap<ValueId, Uint8Array>;
  /** The bias of each sum, with what has been folded into it. */
  readonly biases: ReadonlyMap<Node, Float64Array>;
}

function startState(graph: Graph, facts: LaneFacts): State {
  const readers = new Map<ValueId, Int8Linear[]>();
  const biases = new Map<Node, Float64Array>();
  const least = new Map<ValueId, number>();
  for (const node of graph.nodes) {
    const rule = facts.nodes.get(node);
    if (!rule?.linear || !takesIn(rule)) continue;
    biases.set(node, Float64Array.from(rule.linear.bias));
    least.set(rule.linear.output, rule.linear.leastOutputs);
    readers.set(rule.linear.input, [...(readers.get(rule.linear.input) ?? []), rule.linear]);
  }
  return { facts, readers, biases, least, live: new Map([...facts.lanes].map(([id, { low }]) => [id, new Uint8Array(low.length).fill(1)])) };
}

/** Takes the lanes of a class out of the state; false, and nothing changed, when they must stay for now. */
function dropClass(state: State, lanes: readonly Lane[]): boolean {
  if (leavesTooFew(state, lanes)) return false;
  const folds: { readonly linear: Int8Linear; readonly shares: Float64Array }[] = [];
  for (const lane of lanes) {
    for (const linear of state.readers.get(lane.value) ?? []) {
      const shares = sharesOf(state, linear, lane);
      if (shares === null) return false;
      folds.push({ linear, shares });
    }
  }
  if (!addToBiases(state, folds)) return false;
  for (const { value, lane } of lanes) state.live.get(value)?.fill(0, lane, lane + 1);
  return true;
}

function leavesTooFew(state: State, lanes: readonly Lane[]): boolean {
  const values = new Set(lanes.map(({ value }) => value));
  return [...values].some((id) => {
    const left = state.live.get(id)?.reduce((sum, one) => sum + one, 0) ?? 0;
    return left - lanes.filter(({ value }) => value === id).length < (state.least.get(id) ?? 1);
  });
}

/** What a lane adds to each filter that is left; null when that depends on more than the filter. */
function sharesOf({ facts, live }: State, linear: Int8Linear, { value, lane }: Lane): Float64Array | null {
  const range = facts.lanes.get(value);
  const rows = live.get(linear.output);
  const low = (range?.low[lane] ?? -128) - linear.numbers.inputZero;
  const high = (range?.high[lane] ?? 127) - linear.numbers.inputZero;
  const shares = new Float64Array(linear.outputs);
  if (low === 0 && high === 0) return shares;
  for (let m = 0; m < linear.outputs; m++) {
    if (rows?.[m] === 0) continue;
    const at = (m * linear.depth + lane) * linear.taps;
    const weights = linear.weights.subarray(at, at + linear.taps);
    const share = low === high ? constantShare(weights, linear.classes) : weights.every((weight) => weight === 0) ? 0 : null;
    if (share === null) return null;
    shares[m] = share * low;
  }
  return shares;
}

/** The sum of a filter's weights for one channel if every border class gives the same; else null. */
function constantShare(weights: Int16Array, classes: Int8Linear["classes"]): number | null {
  let sum: number | null = null;
  for (const inside of classes) {
    const here = inside.reduce((total, tap) => total + (weights[tap] ?? 0), 0);
    if (sum !== null && here !== sum) return null;
    sum = here;
  }
  return sum ?? 0;
}

/** All or nothing: false when a bias would leave int32. */
function addToBiases({ biases, live }: State, folds: readonly { readonly linear: Int8Linear; readonly shares: Float64Array }[]): boolean {
  const sums = new Map<Int8Linear, Float64Array>();
  for (const { linear, shares } of folds) {
    const sum = sums.get(linear) ?? Float64Array.from(biases.get(linear.node) ?? []);
    shares.forEach((share, m) => { sum[m] = (sum[m] ?? 0) + share; });
    sums.set(linear, sum);
  }
  for (const [linear, sum] of sums) {
    const rows = live.get(linear.output);
    if (sum.some((bias, m) => rows?.[m] === 1 && Math.abs(bias) > INT32_MAX)) return false;
  }
  for (const [linear, sum] of sums) biases.get(linear.node)?.set(sum);
  return true;
}
