import type { ProgramOperator, TfliteProgram } from "@edgewise/formats/tflite";
import { describe, expect, test } from "vitest";
import { type OperatorSpec, type TensorSpec, programOf } from "../testing/programs.ts";
import { gpu } from "./gpu.ts";
import { nnapi } from "./nnapi.ts";
import { googleTensor, mediatek, npuOf, qualcomm, unknownNpu } from "./npu.ts";
import { placementOf } from "./placement.ts";
import { xnnpack } from "./xnnpack.ts";

const one = { scale: [0.5] };
const all = [xnnpack, gpu, nnapi, qualcomm, mediatek];

function conv(tensors: Readonly<Record<string, Partial<TensorSpec>>> = {}, options: ProgramOperator["options"] = {}, inputs: readonly string[] = ["x", "w", "b"]): TfliteProgram {
  const base: Readonly<Record<string, TensorSpec>> = { x: { shape: [1, 8, 8, 3] }, w: { shape: [4, 3, 3, 3], data: "weights" }, b: { shape: [4], data: "weights" }, y: { shape: [1, 8, 8, 4] } };
  return programOf(Object.fromEntries(Object.entries(base).map(([name, spec]) => [name, { ...spec, ...tensors[name] }])), [{ op: "CONV_2D", inputs, outputs: ["y"], options }]);
}

const int8Conv = conv({ x: { type: "INT8", ...one }, w: { type: "INT8", scale: [1, 2, 3, 4], axis: 0 }, b: { type: "INT32", data: [0, 0, 0, 0] }, y: { type: "INT8", ...one } });
const dynamicConv = conv({ w: { type: "INT8", scale: [1, 2, 3, 4], axis: 0 } });

function unary(op: string, type: TensorSpec["type"] = "FLOAT32", options: ProgramOperator["options"] = {}): TfliteProgram {
  const quant = type === "INT8" ? one : {};
  return programOf({ x: { shape: [1, 4, 4, 2], type, ...quant }, y: { shape: [1, 4, 4, 2], type, ...quant } }, [{ op, inputs: ["x"], outputs: ["y"], options }]);
}

const shareOf = (program: TfliteProgram, rules = xnnpack): number => placementOf(program, rules).share;
const ruleOf = (program: TfliteProgram, rules = xnnpack): string => placementOf(program, rules).operators[0]?.rule ?? "";

describe("placement", () => {
  test.each(all.map((rules) => [rules.unit, rules] as const))("%s takes a convolution in float32 and int8, and its work is counted", (_, rules) => {
    for (const program of [conv(), int8Conv]) expect(placementOf(program, rules)).toMatchObject({ share: 1, partitions: 1, macs: 8 * 8 * 4 * 27 });
  });

  test("weights in int8 under float activations run where that is documented", () => {
    expect(all.map((rules) => shareOf(dynamicConv, rules))).toEqual([1, 1, 1, 0, 0]);
  });

  test("XNNPACK wants a bias, constant filters, scales by output channel, and activations it can fuse", () => {
    expect(ruleOf(conv({}, {}, ["x", "w", ""]))).toContain("a bias is there");
    expect(ruleOf(withoutData(conv(), "w"))).toContain("the filter is a constant");
    expect(ruleOf(conv({ x: { type: "INT8", ...one }, y: { type: "INT8", ...one }, w: { type: "INT8", scale: [1, 2, 3], axis: 3 }, b: { type: "INT32", data: [0, 0, 0, 0] } }))).toContain("filter scales");
    expect(ruleOf(conv({}, { fused_activation_function: "TANH" }))).toContain("fused activations");
    expect(shareOf(conv({}, { fused_activation_function: "RELU6" }))).toBe(1);
  });

  test("what is documented for no unit stays on the CPU, and says so", () => {
    for (const rules of all) expect(placementOf(unary("COMPLEX_ABS"), rules)).toMatchObject({ share: 0, partitions: 0, operators: [{ delegated: false, rule: `COMPLEX_ABS is not documented for ${rules.unit}` }] });
  });

  test("a type that is documented for no form is refused with its types", () => {
    expect(ruleOf(unary("AVERAGE_POOL_2D", "INT8"))).toBe("AVERAGE_POOL_2D of INT8 to INT8 is not documented for XNNPACK");
    expect(ruleOf(unary("SOFTMAX", "INT8"))).toContain("not documented");
  });

  test("pooling with strides beyond its window is LiteRT's own", () => {
    const pool = (size: number, stride: number): TfliteProgram => unary("MAX_POOL_2D", "FLOAT32", { filter_height: size, filter_width: size, stride_h: stride, stride_w: stride });
    expect([pool(2, 2), pool(3, 2), pool(1, 1), pool(1, 2), pool(2, 3)].map((program) => shareOf(program))).toEqual([1, 1, 1, 0, 0]);
  });

  test("scale ratios bound sums, products and leaky slopes", () => {
    const sum = (op: string, scales: readonly [number, number, number]): TfliteProgram => programOf({
      a: { shape: [1, 4], type: "INT8", scale: [scales[0]] }, b: { shape: [1, 4], type: "INT8", scale: [scales[1]] }, y: { shape: [1, 4], type: "INT8", scale: [scales[2]] },
    }, [{ op, inputs: ["a", "b"], outputs: ["y"] }]);
    expect([[1, 1, 1], [1, 1, 1024], [1, 1, 1025], [1, 256, 1]].map((scales) => shareOf(sum("ADD", scales as [number, number, number])))).toEqual([1, 1, 0, 0]);
    expect([[1, 1, 1], [1, 1, 65536], [1, 1, 70000], [16, 16, 1]].map((scales) => shareOf(sum("MUL", scales as [number, number, number])))).toEqual([1, 1, 0, 0]);
    expect([0.1, 0, Infinity].map((alpha) => shareOf(unary("LEAKY_RELU", "FLOAT32", { alpha })))).toEqual([1, 0, 0]);
  });

  test("weights that a DEQUANTIZE unpacks are constants", () => {
    const program = programOf(
      { x: { shape: [1, 8, 8, 3] }, h: { type: "FLOAT16", shape: [4, 3, 3, 3], data: "weights" }, w: { shape: [4, 3, 3, 3] }, b: { shape: [4], data: "weights" }, y: { shape: [1, 8, 8, 4] } },
      [{ op: "DEQUANTIZE", inputs: ["h"], outputs: ["w"] }, { op: "CONV_2D", inputs: ["x", "w", "b"], outputs: ["y"] }],
    );
    expect(placementOf(program, xnnpack)).toMatchObject({ share: 1, partitions: 1 });
  });
});

describe("partitions", () => {
  /** RELU and an op that nobody takes, by turns. */
  const chain = (kinds: string): TfliteProgram => programOf(
    Object.fromEntries([..."x", ...kinds].map((_, i) => [`t${i}`, { shape: [1, 4] }])),
    [...kinds].map((kind, i): OperatorSpec => ({ op: kind === "r" ? "RELU" : "UNIQUE", inputs: [`t${i}`], outputs: [`t${i + 1}`] })),
  );

  test("each border between units starts another", () => {
    expect(["r", "rr", "u", "rur", "urruru"].map((kinds) => placementOf(chain(kinds), xnnpack).partitions)).toEqual([1, 1, 0, 2, 2]);
  });

  test("the GPU takes the largest subgraph alone; the others stay on the CPU with that as their rule", () => {
    const placement = placementOf(chain("rurrru"), gpu);
    expect(placement.operators.map(({ delegated }) => delegated)).toEqual([false, false, true, true, true, false]);
    expect(placement).toMatchObject({ partitions: 1, share: 0.5 });
    expect(placement.operators[0]?.rule).toBe("LiteRT GPU takes the 1 largest of 2 subgraphs; this one stays on the CPU");
  });

  test("branches that do not wait for each other share one", () => {
    const program = programOf({ x: { shape: [4] }, a: { shape: [4] }, b: { shape: [4] }, c: { shape: [4] }, d: { shape: [4] } }, [
      { op: "RELU", inputs: ["x"], outputs: ["a"] }, { op: "UNIQUE", inputs: ["x"], outputs: ["b"] }, { op: "RELU", inputs: ["a"], outputs: ["c"] }, { op: "UNIQUE", inputs: ["b"], outputs: ["d"] },
    ]);
    expect(placementOf(program, xnnpack).partitions).toBe(1);
  });
});

describe("the NPU of a chip", () => {
  test("is its vendor's, by the names vendors write", () => {
    expect(["Snapdragon 8 Gen 3", "SM8650", "Dimensity 9300", "MT6989", "Tensor G3", "Exynos 2400"].map(npuOf)).toEqual([qualcomm, qualcomm, mediatek, mediatek, googleTensor, unknownNpu]);
  });

  test("takes nothing where nothing is documented, and says why", () => {
    expect(placementOf(conv(), googleTensor)).toMatchObject({ share: 0, operators: [{ rule: "which operators Google Tensor takes is not documented: its compiler decides" }] });
    expect(placementOf(conv(), unknownNpu)).toMatchObject({ share: 0, operators: [{ rule: "LiteRT documents no NPU of this chip" }] });
  });
});

test.each([...all, googleTensor, unknownNpu].map((rules) => [rules.unit, rules] as const))("%s: every rule names its source and day", (_, rules) => {
  for (const { source, forms, refused } of [rules, ...Object.values(rules.ops)].map((each) => ({ forms: [{}], refused: undefined, ...each }))) {
    expect(source.url).toMatch(/^https:\/\//);
    expect(source.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(forms.length > 0 || refused !== undefined).toBe(true);
  }
});

/** A copy in which a constant is computed elsewhere. */
function withoutData(program: TfliteProgram, name: string): TfliteProgram {
  return { ...program, tensors: program.tensors.map((tensor) => (tensor.name === name ? { ...tensor, data: null } : tensor)) };
}
