import { type Graph, parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { anyCnn } from "@edgewise/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lowerLaid } from "../lower.ts";
import { shaped, written } from "../testing/agreement.ts";
import { anyMoves } from "../testing/random-moves.ts";
import { type LayoutProblem, assignLayout, layoutBy, settingOf, solve, stateProblem } from "./assign.ts";
import { minCut } from "./min-cut.ts";

/** Cost of given choices: each value whose terms differ is moved once. */
function costOf({ values }: LayoutProblem, labels: readonly (0 | 1)[]): number {
  return values.reduce((sum, { terms, cost }) => {
    const found = new Set(terms.map((term) => (term === "first" ? 0 : term === "last" ? 1 : labels[term])));
    return sum + (found.size > 1 ? cost : 0);
  }, 0);
}

/** The least cost of all choices, one after another. */
function leastCost(problem: LayoutProblem): number {
  let least = Infinity;
  for (let bits = 0; bits < 2 ** problem.choices; bits++) {
    const labels = Array.from({ length: problem.choices }, (_, i): 0 | 1 => ((bits >> i) & 1 ? 1 : 0));
    if ([...problem.decided].every(([choice, label]) => labels[choice] === label)) least = Math.min(least, costOf(problem, labels));
  }
  return least;
}

const MOST_CHOICES = 9;
/** Each of so many ways to choose is lowered. */
const MOST_LOWERED = 6;
const term = fc.oneof(fc.nat(MOST_CHOICES - 1), fc.constantFrom("first" as const, "last" as const));
const anyProblem: fc.Arbitrary<LayoutProblem> = fc.record({
  choices: fc.constant(MOST_CHOICES),
  decided: fc.array(fc.tuple(fc.nat(MOST_CHOICES - 1), fc.constantFrom(0 as const, 1 as const)), { maxLength: 2 }).map((list) => new Map(list)),
  values: fc.array(fc.record({ id: fc.constant("v"), terms: fc.array(term, { maxLength: 4 }), cost: fc.integer({ min: 1, max: 100 }) }), { maxLength: 12 }),
});

/** TRANSPOSE operators of the program that each way to choose gives, and of the one that is taken. */
function transposesOf(graph: Graph, freePictures: boolean): { readonly taken: number; readonly least: number } {
  const setting = settingOf(graph, { freePictures });
  const stated = stateProblem(setting);
  const { choices, decided } = stated.problem;
  fc.pre(choices <= MOST_LOWERED);
  const count = (labels: readonly (0 | 1)[]): number => {
    const lowered = lowerLaid(graph, layoutBy(setting, stated, labels));
    if (!lowered.ok) throw new Error(JSON.stringify(lowered.errors));
    return lowered.value.transposes;
  };
  const all = Array.from({ length: 2 ** choices }, (_, bits) => Array.from({ length: choices }, (_each, i): 0 | 1 => ((bits >> i) & 1 ? 1 : 0)));
  const allowed = all.filter((labels) => [...decided].every(([choice, label]) => labels[choice] === label));
  return { taken: count(solve(stated.problem)), least: Math.min(...allowed.map(count)) };
}

/** Nodes that move the batch, or join or split it: around them second forms have nothing to do with each other, and their cost counts as fixed (adr/0006). */
function batchMoves(graph: Graph): number {
  const batchOf = (id: string | null | undefined): unknown => graph.values.get(id ?? "")?.shape?.[0];
  return graph.nodes.filter(({ op, attrs: { perm }, inputs, outputs }) => (op === "Transpose" ? Array.isArray(perm) && perm[0] !== 0 : op === "Reshape" && batchOf(inputs[0]) !== batchOf(outputs[0]))).length;
}

function canonical(graph: Graph): Graph {
  const result = canonicalize(graph);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

describe("choosing layouts", () => {
  it("costs as little as the best of all choices", () => {
    fc.assert(fc.property(anyProblem, (problem) => {
      const labels = solve(problem);
      expect([...problem.decided].every(([choice, label]) => labels[choice] === label)).toBe(true);
      expect(costOf(problem, labels)).toBe(leastCost(problem));
    }), { numRuns: 200, seed: 1 });
  });

  it("leaves random networks no more transposes than any other choice does", () => {
    fc.assert(fc.property(anyCnn, fc.boolean(), (graph, free) => {
      const { taken, least } = transposesOf(shaped(graph), free);
      expect(taken).toBe(least);
    }), { numRuns: 30, seed: 2 });
  });

  it("leaves networks that move their axes about no more transposes than any other choice does, but for those that move, join or split the batch", () => {
    fc.assert(fc.property(anyMoves, fc.boolean(), (moves, free) => {
      const graph = canonical(moves);
      const { taken, least } = transposesOf(graph, free);
      expect(taken).toBeGreaterThanOrEqual(least);
      expect(taken).toBeLessThanOrEqual(least + batchMoves(graph));
    }), { numRuns: 300, seed: 3 });
  });

  it("leaves an input that no op wants channels last as it is", () => {
    const graph = shaped(parseGraph("graph g\nin x: float32[1, 3, 4, 4]\ny = Relu(x)\nout y\n"));
    expect(assignLayout(graph, { freePictures: true }).stored.get("x")?.shape).toEqual([1, 3, 4, 4]);
  });

  it("keeps a branch of reshaped pictures in the graph's order at the cost of one transpose for all its readers", () => {
    const graph = shaped(parseGraph("graph g\nin x: float32[1, 3, 4, 4]\nw: float32[2, 3, 1, 1] = const seed 1\nc = Conv(x, w) kernel_shape=[1, 1]\ns: int64[3] = const [1, 8, 4]\na = Reshape(c, s)\nb = Reshape(c, s)\nd = Softmax(a)\ny = Add(b, d)\nout y\n"));
    expect(written(graph).program.operators.map(({ op }) => op)).toEqual(["CONV_2D", "TRANSPOSE", "RESHAPE", "RESHAPE", "SOFTMAX", "ADD"]);
  });
});

describe("a minimum cut", () => {
  it("parts what is joined by the least capacity, with as little as possible on the sink's side", () => {
    const edges = [{ from: 0, to: 2, capacity: 3 }, { from: 2, to: 3, capacity: 1 }, { from: 3, to: 1, capacity: 1 }];
    expect(minCut(4, edges)).toEqual([true, false, true, true]);
  });

  it("does not part what must not be parted", () => {
    expect(() => minCut(2, [{ from: 0, to: 1, capacity: Infinity }])).toThrow("invariant");
  });
});
