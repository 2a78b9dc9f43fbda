import { type Graph, parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { runProcess, sanitizerFlags } from "@edgewise/measure";
import { describe, expect, test } from "vitest";
import type { KernelSet } from "./isa/specialize.ts";
import { lowerGraph } from "./lower.ts";
import { type BatchCase, failingNetworks } from "./testing/batch.ts";
import { emitInput, goldenVectors, randomNumbers, valueOrThrow } from "./testing/quantized-case.ts";

const compilers = await Promise.all((["gcc", "clang"] as const).map(async (compiler) => ({
  compiler, present: await runProcess(compiler, ["--version"]).then(({ code }) => code === 0, () => false),
})));
const families: readonly KernelSet[] = ["portable", "thumb", "dsp"];

interface Layer {
  readonly kernel: string;
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly y: readonly number[];
  readonly op: string;
}

/** Every kernel that multiplies weights, padded and strided, with an odd number of channels. */
const layers: Readonly<Record<string, Layer>> = {
  "convolution, padded": { kernel: "conv", x: [1, 3, 5, 6], w: [5, 3, 3, 3], y: [1, 5, 5, 6], op: "Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1]" },
  "convolution, strided, unevenly padded": { kernel: "conv", x: [1, 3, 7, 6], w: [4, 3, 3, 2], y: [1, 4, 4, 4], op: "Conv(x, w, b) kernel_shape=[3, 2] strides=[2, 2] pads=[0, 1, 2, 2]" },
  "convolution, windows wholly in the padding": { kernel: "conv", x: [1, 2, 2, 2], w: [3, 2, 1, 1], y: [1, 3, 4, 4], op: "Conv(x, w, b) kernel_shape=[1, 1] pads=[1, 1, 1, 1]" },
  "convolution, dilated rows": { kernel: "conv", x: [1, 2, 7, 5], w: [3, 2, 3, 1], y: [1, 3, 5, 5], op: "Conv(x, w, b) kernel_shape=[3, 1] dilations=[2, 1] pads=[1, 0, 1, 0]" },
  "convolution, dilated": { kernel: "conv_grouped", x: [1, 2, 6, 6], w: [3, 2, 3, 3], y: [1, 3, 4, 4], op: "Conv(x, w, b) kernel_shape=[3, 3] dilations=[2, 2] pads=[1, 1, 1, 1]" },
  "convolution, grouped": { kernel: "conv_grouped", x: [1, 4, 5, 5], w: [6, 2, 3, 3], y: [1, 6, 3, 3], op: "Conv(x, w, b) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1] group=2" },
  "depthwise": { kernel: "depthwise", x: [1, 5, 6, 5], w: [5, 1, 3, 3], y: [1, 5, 6, 5], op: "Conv(x, w, b) kernel_shape=[3, 3] pads=[1, 1, 1, 1] group=5" },
  "depthwise, strided, two outputs a channel": { kernel: "depthwise", x: [1, 3, 7, 7], w: [6, 1, 3, 3], y: [1, 6, 4, 4], op: "Conv(x, w, b) kernel_shape=[3, 3] strides=[2, 2] pads=[1, 1, 1, 1] group=3" },
  "pointwise": { kernel: "dense", x: [1, 6, 4, 4], w: [5, 6, 1, 1], y: [1, 5, 4, 4], op: "Conv(x, w, b) kernel_shape=[1, 1]" },
  "fully connected": { kernel: "dense", x: [1, 70], w: [17, 70], y: [1, 17], op: "Gemm(x, w, b) transB=1" },
  "fully connected, large enough for a kernel of its own": { kernel: "dense", x: [1, 64], w: [64, 64], y: [1, 64], op: "Gemm(x, w, b) transB=1" },
  "product of rows": { kernel: "dense", x: [1, 5, 9], w: [9, 7], y: [1, 5, 7], op: "MatMul(x, w)" },
};

/** The ends of int8, where a difference of weights takes nine bits, and zero points between. */
const zeros = [-128, -23, 1, 127] as const;

function layerGraph({ x, w, y, op }: Layer, zero: number, seed: number): Graph {
  const next = randomNumbers(seed);
  const int8 = (): number => next(256) - 128;
  const outputs = y[1] ?? 1;
  const bias = `b: int32[${outputs}] scale=0.0078125 = const [${Array.from({ length: outputs }, () => next(4000) - 2000).join(", ")}]`;
  return valueOrThrow(canonicalize(parseGraph([
    "graph one", `in x: int8[${x.join(", ")}] scale=0.5 zero=${next(60) - 30}`,
    `w: int8[${w.join(", ")}] scale=0.015625 zero=${zero} = const [${Array.from({ length: w.reduce((a, b) => a * b) }, int8).join(", ")}]`,
    ...(op.includes(", b)") ? [bias] : []),
    `y: int8[${y.join(", ")}] scale=${0.5 + next(1000) / 500} zero=${next(40) - 20} = ${op}`, "out y", "",
  ].join("\n"))));
}

function layerCases(): readonly BatchCase[] {
  return Object.entries(layers).flatMap(([name, layer], i) => zeros.map((zero, k) => {
    const quantized = layerGraph(layer, zero, 100 * i + k + 1);
    return { name: `${name}, zero point ${zero}`, input: emitInput({ graph: quantized, quantized, golden: goldenVectors(quantized, i, 3) }) };
  }));
}

/** Sums of five numbers, of which none falls halfway, and of two and four, of which many do. */
const windows = ["kernel_shape=[2, 2]", "kernel_shape=[1, 2] strides=[1, 2]", "kernel_shape=[1, 5]", "kernel_shape=[2, 2] pads=[1, 0, 0, 1]", "kernel_shape=[6, 5]"];

function meanCases(): readonly BatchCase[] {
  const sides: readonly (readonly [number, number])[] = [[5, 4], [6, 2], [6, 1], [6, 5], [1, 1]];
  return windows.flatMap((attrs, i) => ["", ' halves="up"'].map((halves) => {
    const quantized = parseGraph(`graph one\nin x: int8[1, 5, 6, 5] scale=0.5 zero=3\ny: int8[1, 5, ${(sides[i] ?? []).join(", ")}] scale=0.5 zero=3 = AveragePool(x) ${attrs}${halves}\nout y\n`);
    return { name: `${attrs}${halves}`, input: emitInput({ graph: quantized, quantized, golden: goldenVectors(quantized, i + 1, 4) }) };
  }));
}

describe("weights with a zero point", () => {
  test.each(Object.entries(layers))("%s: every family keeps the portable kernel", (_, layer) => {
    for (const family of families) {
      const { program } = lowerGraph(layerGraph(layer, 5, 1), family);
      expect(valueOrThrow(program).layers.map(({ kernel }) => kernel)).toEqual([layer.kernel]);
    }
  });

  test("and sums that could leave int32 on the way are refused", () => {
    const graph = (taps: number): Graph => parseGraph(`graph one\nin x: int8[1, ${taps}] scale=1\nw: int8[1, ${taps}] scale=1 zero=-128 = const [${Array.from({ length: taps }, () => 127).join(", ")}]\ny: int8[1, 1] scale=1 = Gemm(x, w) transB=1\nout y\n`);
    // 128 · (127 + 128) a tap.
    const most = Math.floor((2 ** 31 - 1) / (128 * 255));
    expect(lowerGraph(graph(most), "portable").program.ok).toBe(true);
    expect(lowerGraph(graph(most + 1), "portable").program).toMatchObject({ ok: false, errors: [{ code: "OP_UNSUPPORTED" }] });
  });
});

for (const { compiler, present } of compilers) {
  describe.skipIf(!present)(`emitted C with ${compiler}${present ? "" : " (not installed)"} gives the interpreter's bytes, free of undefined behaviour`, () => {
    const build = { compiler, flags: ["-O1", ...sanitizerFlags] };
    test("layers whose weights have a zero point", async () => {
      expect(await failingNetworks(layerCases(), build)).toEqual([]);
    }, 180_000);
    test("means that round halves away from zero, and up", async () => {
      expect(await failingNetworks(meanCases(), build)).toEqual([]);
    }, 180_000);
  });
}
