import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { DType } from "../dtype.ts";
import type { Attrs } from "../graph.ts";
import type { OpName, QTensor } from "../op.ts";
import { ops } from "../ops/registry.ts";
import { decodeTensor } from "../tensor-codec.ts";

interface Written {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: string;
  readonly scale: readonly number[];
  readonly zero: number;
  readonly axis: number | null;
}

interface Case {
  readonly name: string;
  readonly op: OpName;
  readonly attrs: Attrs;
  readonly inputs: readonly (Written | null)[];
  readonly output: Written;
}

const cases = ["vectors.json", "wider.json"].flatMap((name) => {
  const file = new URL(`../../../../conformance/int8-vectors/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as readonly Case[];
});

function operand({ shape, dtype, data, scale, zero, axis }: Written): QTensor {
  return {
    tensor: decodeTensor(dtype, shape, Uint8Array.from(Buffer.from(data, "hex"))),
    quant: { kind: "affine", scale, zeroPoint: scale.map(() => zero), axis },
  };
}

describe("every int8 op gives TensorFlow Lite Micro's bytes", () => {
  test.each(cases.map((item) => [item.name, item] as const))("%s", (_name, item) => {
    const wanted = operand(item.output);
    const [found] = ops[item.op].evaluateInt8?.(item.inputs.map((input) => input && operand(input)), [wanted.quant], item.attrs) ?? [];
    expect(found?.shape).toEqual(wanted.tensor.shape);
    expect(found?.data).toEqual(wanted.tensor.data);
  });
});
