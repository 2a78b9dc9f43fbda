import type { Dim } from "../graph.ts";
import { type Fact, OpError, type OpDef } from "../op.ts";
import { allocate, elementCount } from "../tensor.ts";
import { wholeAttr } from "./attribute.ts";
import { sumOf } from "./dims.ts";
import { movedElements } from "./known-elements.ts";
import { movedInt8 } from "./moves.int8.ts";
import { required } from "./operand.ts";
import { axisFrom } from "./parameter.ts";

/**
 * Joins tensors along an axis.
 *
 *   output dim at axis = Σ of the inputs' dims there; all other dims equal
 *
 * inputs [any] of one type → joined. Errors: OP_ATTRIBUTE without an axis, OP_SHAPE for other dims that differ, OP_DTYPE.
 * Source: onnx.ai/onnx/operators/onnx__Concat.html
 */
export const concat: OpDef = {
  name: "Concat",
  summary: "joins tensors along an axis",
  spec: "https://onnx.ai/onnx/operators/onnx__Concat.html",
  inputs: ["inputs..."],
  infer(inputs, attrs) {
    const facts = inputs.map((fact, i) => required(fact, `inputs[${i}]`));
    const [first] = facts;
    if (first === undefined) throw new OpError("OP_INPUT", "Concat has no input");
    requireOneType(facts);
    const shapes = facts.map((fact) => fact.shape).filter((shape) => shape !== null);
    const shape = shapes.length === facts.length ? joinedShape(shapes, wholeAttr(attrs, "axis", NaN)) : null;
    const elements = shape && movedElements({ evaluate, inputs, attrs, outputCount: 1, moves: () => true });
    return [{ dtype: first.dtype, shape, elements: elements?.[0] ?? null }];
  },
  work: () => ({ macs: 0, elementOps: 0 }),
  evaluate,
  evaluateInt8: movedInt8(evaluate, "all"),
};

function evaluate(inputs: Parameters<OpDef["evaluate"]>[0], attrs: Parameters<OpDef["evaluate"]>[1]): ReturnType<OpDef["evaluate"]> {
  const tensors = inputs.map((tensor, i) => required(tensor, `inputs[${i}]`));
  const [first] = tensors;
  if (first === undefined) throw new OpError("OP_INPUT", "Concat has no input");
  requireOneType(tensors);
  const axis = axisFrom(wholeAttr(attrs, "axis", NaN), first.shape.length);
  const shape = (joinedShape(tensors.map((tensor) => tensor.shape), axis) ?? []).map(Number);
  const data = allocate(first.dtype, elementCount(shape));
  const outer = elementCount(shape.slice(0, axis));
  let at = 0;
  for (let i = 0; i < outer; i++) {
    for (const tensor of tensors) {
      const block = tensor.data.length / outer;
      data.set(tensor.data.subarray(i * block, (i + 1) * block) as never, at); // same array type, by requireOneType
      at += block;
    }
  }
  return [{ dtype: first.dtype, shape, data }];
}

function requireOneType(operands: readonly Pick<Fact, "dtype">[]): void {
  const other = operands.find((operand) => operand.dtype !== operands[0]?.dtype);
  if (other) throw new OpError("OP_DTYPE", `inputs have different types, ${operands[0]?.dtype} and ${other.dtype}`);
}

function joinedShape(shapes: readonly (readonly Dim[])[], axis: number): readonly Dim[] | null {
  const [first = []] = shapes;
  const at = axisFrom(axis, first.length);
  for (const shape of shapes) {
    const fits = shape.length === first.length && shape.every((dim, i) => i === at || typeof dim === "string" || typeof first[i] === "string" || dim === first[i]);
    if (!fits) throw new OpError("OP_SHAPE", `[${first.join(", ")}] and [${shape.join(", ")}] do not join along axis ${at}`);
  }
  const joined = sumOf(shapes.map((shape) => shape[at] ?? 0));
  // Of a name and a size that must be equal, the size says more.
  return joined === null ? null : first.map((dim, i) => (i === at ? joined : (shapes.map((shape) => shape[i]).find((each) => typeof each === "number") ?? dim)));
}
