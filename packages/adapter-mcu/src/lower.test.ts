import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { quantizeGraph } from "@edgewise/quantizer";
import { describe, expect, test } from "vitest";
import { lowerGraph } from "./lower.ts";
import type { Program } from "./program.ts";
import { randomRanges, valueOrThrow } from "./testing/quantized-case.ts";

function program(text: string): Program {
  const graph = valueOrThrow(canonicalize(parseGraph(text)));
  return valueOrThrow(lowerGraph(valueOrThrow(quantizeGraph(graph, randomRanges(graph, 1))), "portable").program);
}

function kernelsOf(text: string): readonly string[] {
  return program(text).layers.map(({ kernel }) => kernel);
}

const head = "graph g\nin x: float32[1, 4, 6, 6]\n";

describe("lowering", () => {
  test("reshapes, flattenings and transpositions that relabel axes are no layers", () => {
    expect(kernelsOf(`${head}t = Transpose(x) perm=[0, 2, 3, 1]\nf = Flatten(t)\nm: float32[144, 3] = const seed 1\ny = MatMul(f, m)\nout y\n`)).toEqual(["dense"]);
  });
  test("a 1x1 convolution is dense, a convolution of its own groups depthwise, another is general", () => {
    const conv = (w: string, rest: string) => kernelsOf(`${head}w: float32[${w}] = const seed 1\ny = Conv(x, w) ${rest}\nout y\n`);
    expect(conv("8, 4, 1, 1", "kernel_shape=[1, 1]")).toEqual(["dense"]);
    expect(conv("8, 4, 6, 6", "kernel_shape=[6, 6]")).toEqual(["dense"]);
    expect(conv("4, 1, 3, 3", "kernel_shape=[3, 3] group=4")).toEqual(["depthwise"]);
    expect(conv("8, 4, 1, 1", "kernel_shape=[1, 1] strides=[2, 2]")).toEqual(["conv"]);
    expect(conv("8, 2, 3, 3", "kernel_shape=[3, 3] group=2")).toEqual(["conv_grouped"]);
  });
  test("an element-wise layer and a depthwise one run over their dying input", () => {
    const bytes = 4 * 6 * 6;
    expect(program(`${head}y = Sigmoid(x)\nout y\n`).arenaBytes).toBe(bytes);
    // Row y is written one row and one pixel behind the rows that it reads.
    expect(program(`${head}w: float32[4, 1, 3, 3] = const seed 1\ny = Conv(x, w) group=4 kernel_shape=[3, 3] pads=[1, 1, 1, 1]\nout y\n`).arenaBytes).toBe(bytes + 4 * 7);
  });
  test("nothing that the bill counts depends on the ranges", () => {
    const graph = valueOrThrow(canonicalize(parseGraph(`${head}w: float32[8, 4, 3, 3] = const seed 1\nc = Conv(x, w) kernel_shape=[3, 3]\nr = LeakyRelu(c)\np = GlobalAveragePool(r)\nf = Flatten(p)\ny = Softmax(f) axis=1\nout y\n`)));
    const sizes = [1, 2, 3, 4].map((seed) => {
      const { arenaBytes, layers } = valueOrThrow(lowerGraph(valueOrThrow(quantizeGraph(graph, randomRanges(graph, seed))), "portable").program);
      return { arenaBytes, layers: layers.map(({ kernel, arrays }) => [kernel, arrays.map(({ type, data }) => [type, data.length])]) };
    });
    expect(new Set(sizes.map((size) => JSON.stringify(size))).size).toBe(1);
  });
  test("a network whose borders are int8 is the same network", () => {
    const graph = valueOrThrow(canonicalize(parseGraph(`${head}w: float32[8, 4, 3, 3] = const seed 1\nc = Conv(x, w) kernel_shape=[3, 3]\ny = Relu(c)\nout y\n`)));
    const [float, integer] = (["float", "int8"] as const).map((borders) => valueOrThrow(lowerGraph(valueOrThrow(quantizeGraph(graph, randomRanges(graph, 1), { borders })), "portable").program));
    expect(integer!.layers.map(({ kernel, parameters, arrays }) => ({ kernel, parameters, arrays }))).toEqual(float!.layers.map(({ kernel, parameters, arrays }) => ({ kernel, parameters, arrays })));
    expect([integer!.input.quant, integer!.output.quant, integer!.arenaBytes]).toEqual([float!.input.quant, float!.output.quant, float!.arenaBytes]);
  });
  test("a float node is refused by name, and the nodes behind it are still judged", () => {
    const graph = valueOrThrow(canonicalize(parseGraph(`${head}a = Sigmoid(x)\nb = Sigmoid(a)\nout b\n`)));
    const { layers, program: result } = lowerGraph(graph, "portable");
    expect(layers.map(({ supported }) => supported)).toEqual([false, true]);
    expect(result.ok ? [] : result.errors.map(({ code }) => code)).toEqual(["OP_UNSUPPORTED"]);
  });
  test("a size that does not fit a kernel's struct is refused", () => {
    const graph = valueOrThrow(canonicalize(parseGraph("graph g\nin x: float32[1, 1, 40000]\ny = MaxPool(x) kernel_shape=[2]\nout y\n")));
    const { program: result } = lowerGraph(valueOrThrow(quantizeGraph(graph, randomRanges(graph, 1))), "portable");
    expect(result.ok ? [] : result.errors.map(({ code, detail }) => [code, detail])).toEqual([["OP_UNSUPPORTED", "in_width is 40000, more than the kernel's int16_t holds."]]);
  });
  test("two outputs are refused", () => {
    const graph = valueOrThrow(canonicalize(parseGraph(`${head}a = Sigmoid(x)\nb = Tanh(x)\nout a, b\n`)));
    const { program: result } = lowerGraph(valueOrThrow(quantizeGraph(graph, randomRanges(graph, 1))), "portable");
    expect(result.ok ? [] : result.errors.map(({ code }) => code)).toEqual(["MODEL_PORTS"]);
  });
});
