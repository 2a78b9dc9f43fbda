import type { Attrs, Dim } from "../graph.ts";
import type { Fact, OpDef } from "../op.ts";
import { elementCount, type Tensor } from "../tensor.ts";
import { fixedShape, knownWholes, wholesOf } from "./parameter.ts";

/** The op whose movement of elements is asked for. */
export interface Movement {
  readonly evaluate: OpDef["evaluate"];
  readonly inputs: readonly (Fact | null)[];
  readonly attrs: Attrs;
  readonly outputCount: number;
  /** Positions of the inputs whose elements move; the others are parameters. */
  readonly moves: (position: number) => boolean;
}

/**
 * Known contents of the results of an op that only moves elements.
 *
 * The op's own evaluator moves the positions 0, 1, 2, …, and the elements follow; so a rule of movement is written once.
 * Null when an operand's contents or shape, or a parameter, is not known.
 */
export function movedElements({ evaluate, inputs, attrs, outputCount, moves }: Movement): readonly (readonly (Dim | null)[])[] | null {
  const pool: (Dim | null)[] = [];
  const tensors: (Tensor | null)[] = [];
  for (const [position, fact] of inputs.entries()) {
    if (fact === null) {
      tensors.push(null);
      continue;
    }
    const shape = fixedShape(fact.shape);
    const contents = moves(position) ? fact.elements : knownWholes(fact);
    if (shape === null || !contents || contents.length !== elementCount(shape)) return null;
    if (moves(position)) {
      tensors.push({ dtype: "int32", shape, data: Int32Array.from(contents, (_, i) => pool.length + i) });
      pool.push(...contents);
    } else tensors.push({ dtype: "int64", shape, data: BigInt64Array.from(contents, (each) => BigInt(each ?? 0)) });
  }
  const results = evaluate(tensors, attrs, outputCount);
  return results.map((result) => wholesOf(result).map((position) => pool[position] ?? null));
}
