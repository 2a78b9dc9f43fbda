import type { Attrs, Dim } from "../graph.ts";
import type { Fact, OpDef } from "../op.ts";
import { movedInt8 } from "./moves.int8.ts";
import { required } from "./operand.ts";
import { wholesOf } from "./parameter.ts";

/** What distinguishes Reshape, Flatten, Squeeze and Unsqueeze from each other. */
export interface Reshaping {
  readonly name: string;
  readonly summary: string;
  readonly spec: string;
  readonly inputs: readonly string[];
  /** Dims of the result; `parameter` are the contents of the second input, null when it is left out. */
  shape(from: readonly Dim[], parameter: readonly (Dim | null)[] | null, attrs: Attrs): readonly Dim[] | null;
}

/** An op that gives the same elements, in the same order, another shape. No work. */
export function reshaping(op: Reshaping): OpDef {
  const evaluate: OpDef["evaluate"] = (inputs, attrs) => {
    const x = required(inputs[0], op.inputs[0] ?? "data");
    const parameter = inputs[1] ? wholesOf(inputs[1]) : null;
    const shape = op.shape(x.shape, parameter, attrs) ?? [];
    return [{ dtype: x.dtype, shape: shape.map(Number), data: x.data }];
  };
  return {
    name: op.name,
    summary: op.summary,
    spec: op.spec,
    inputs: op.inputs,
    infer(inputs, attrs) {
      const x = required(inputs[0], op.inputs[0] ?? "data");
      return [{ dtype: x.dtype, shape: inferShape(op, { x, parameter: inputs[1] ?? null, attrs }), elements: x.elements }];
    },
    work: () => ({ macs: 0, elementOps: 0 }),
    evaluate,
    evaluateInt8: movedInt8(evaluate),
  };
}

function inferShape(op: Reshaping, of: { readonly x: Fact; readonly parameter: Fact | null; readonly attrs: Attrs }): readonly Dim[] | null {
  if (of.x.shape === null || (of.parameter && of.parameter.elements === null)) return null;
  return op.shape(of.x.shape, of.parameter?.elements ?? null, of.attrs);
}
