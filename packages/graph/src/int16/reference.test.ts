import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { DType } from "../dtype.ts";
import type { Attrs } from "../graph.ts";
import type { OpName, QTensor } from "../op.ts";
import { int16Evaluators } from "../ops/int16-registry.ts";
import { quantizeAs } from "../ops/quantize.ts";
import type { Tensor } from "../tensor.ts";
import { decodeTensor } from "../tensor-codec.ts";

interface Written {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: string;
  readonly scale: readonly number[] | null;
  readonly axis: number | null;
}

interface Case {
  readonly name: string;
  readonly op: OpName;
  readonly attrs: Attrs;
  readonly inputs: readonly (Written | null)[];
  readonly output: Written;
}

const cases = JSON.parse(readFileSync(new URL("../../../../conformance/int16-vectors/vectors.json", import.meta.url), "utf8")) as readonly Case[];

function operand({ shape, dtype, data, scale, axis }: Written): QTensor {
  const scales = scale ?? [1];
  return { tensor: decodeTensor(dtype, shape, Uint8Array.from(Buffer.from(data, "hex"))), quant: { kind: "affine", scale: scales, zeroPoint: scales.map(() => 0), axis } };
}

function evaluated({ op, inputs, output, attrs }: Case): Tensor | undefined {
  const operands = inputs.map((input) => input && operand(input));
  const { quant } = operand(output);
  return op === "Quantize" ? quantizeAs("int16", operands[0]!, quant) : int16Evaluators[op]?.(operands, [quant], attrs)[0];
}

describe("every int16 op gives LiteRT's numbers", () => {
  test.each(cases.map((item) => [item.name, item] as const))("%s", (_name, item) => {
    const found = evaluated(item);
    const wanted = operand(item.output).tensor;
    expect(found?.shape).toEqual(wanted.shape);
    expect(Array.from(found?.data ?? [], Number)).toEqual(Array.from(wanted.data, Number));
  });

  test("there is a vector for each op that does more than move numbers", () => {
    const moves = new Set(["Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Split", "Slice", "Gather", "Identity", "Min", "GlobalMaxPool", "Clip"]);
    const computing = Object.keys(int16Evaluators).filter((op) => !moves.has(op));
    expect(computing.filter((op) => !cases.some((item) => item.op === op))).toEqual([]);
  });
});
