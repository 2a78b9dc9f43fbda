import { type Graph, type Tensor, interpret, parseGraph, valueOf } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import { describe, expect, test } from "vitest";
import { int8Obstacle } from "./int8-rules.ts";
import { quantizeGraph } from "./quantize-graph.ts";
import { weightOnly } from "./weight-only.ts";

const upsampler = parseGraph(`graph up
in x: float32[1, 2, 3, 4]
w: float32[2, 3, 3, 2] = const seed 1
b: float32[3] = const seed 2
y: float32[1, 3, 6, 8] = ConvTranspose(x, w, b) kernel_shape=[3, 2] strides=[2, 2] pads=[1, 0, 0, 0]
out y
`);

function picture(values: (i: number) => number): ReadonlyMap<string, Tensor> {
  return new Map([["x", { dtype: "float32", shape: [1, 2, 3, 4], data: Float32Array.from({ length: 24 }, (_, i) => values(i)) }]]);
}

function quantized(graph: Graph, means?: Readonly<Record<string, readonly number[]>>): Graph {
  const result = quantizeGraph(graph, { x: [-3, 3], y: [-6, 6] }, means ? { means } : {});
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** Mean of each output channel of the float layer whose weights and bias are those of the quantized one. */
function channelMeans(graph: Graph, feeds: ReadonlyMap<string, Tensor>): readonly number[] {
  const node = graph.nodes.find(({ op }) => op === "ConvTranspose");
  const real = (id: string, block: number): Float32Array => {
    const value = valueOf(graph, id);
    return Float32Array.from(decodeConstant(value).data as Int8Array | Int32Array, (stored, i) => stored * (value.quant?.scale[Math.floor(i / block) % 3] ?? 0));
  };
  const values = new Map(upsampler.values);
  for (const [position, [id, block]] of [["w", 6], ["b", 1]].entries()) {
    const data = real(node?.inputs[position + 1] ?? "", Number(block));
    values.set(String(id), { ...valueOf(upsampler, String(id)), constant: { bytes: new Uint8Array(data.buffer) } });
  }
  return meansOf(interpret({ ...upsampler, values }, feeds).get("y"));
}

function meansOf(y: Tensor | undefined): readonly number[] {
  const data = Array.from(y?.data ?? [], Number);
  return [0, 1, 2].map((m) => data.slice(48 * m, 48 * (m + 1)).reduce((sum, value) => sum + value, 0) / 48);
}

describe("ConvTranspose", () => {
  test("has one scale an output channel, along axis 1, and answers within a step of the float layer", () => {
    const graph = quantized(upsampler);
    expect(valueOf(graph, "w").quant).toMatchObject({ axis: 1, zeroPoint: [0, 0, 0] });
    expect(valueOf(weightOnly(upsampler), "w").quant).toMatchObject({ axis: 1 });
    const feeds = picture((i) => 3 * Math.sin(i * 1.7));
    const [wanted, found] = [interpret(upsampler, feeds).get("y")!, interpret(graph, feeds).get("y")!];
    const step = 12 / 255;
    // Rounded inputs and weights of twelve products add a step to the result's own half.
    Array.from(found.data, Number).forEach((y, i) => expect(Math.abs(y - Math.min(6, Math.max(-6, Number(wanted.data[i]))))).toBeLessThan(2 * step));
  });

  test("bias correction keeps the mean of each output channel, whatever lands outside and wherever taps are missing", () => {
    const mean = [3, -2];
    const feeds = picture((i) => mean[Math.floor(i / 12)]!);
    const wanted = meansOf(interpret(upsampler, feeds).get("y"));
    const [corrected, plain] = [channelMeans(quantized(upsampler, { x: mean }), feeds), channelMeans(quantized(upsampler), feeds)];
    const error = (found: readonly number[]): number => Math.max(...found.map((value, m) => Math.abs(value - wanted[m]!)));
    // A bias is stored in steps of input scale · weight scale, below 2e-4 here.
    expect(error(corrected)).toBeLessThan(2e-4);
    expect(error(plain)).toBeGreaterThan(2 * error(corrected));
  });

  test.each([
    ["groups", "y = ConvTranspose(x, w) group=2", "it has groups"],
    ["computed weights", "v = Relu(w)\ny = ConvTranspose(x, v)", "its weights or bias are computed, not constant"],
  ])("%s have no int8 form", (_why, nodes, reason) => {
    const graph = parseGraph(`in x: float32[1, 2, 3, 3]\nw: float32[2, 1, 2, 2] = const seed 1\n${nodes}\nout y`);
    expect(int8Obstacle(graph, graph.nodes.at(-1)!)).toBe(reason);
  });
});

describe("Resize", () => {
  test.each([
    ["float32[4] = const [1, 1, 1.5, 2]", "y = Resize(x, _, s)", /goes by sizes/],
    ["int64[4] = const [1, 4, 3, 3]", "y = Resize(x, _, _, s)", /keeps batch and channels/],
    ["int64[4] = const [1, 2, 6, 5]", 'y = Resize(x, _, _, s) mode="linear"', null],
  ])("with s: %s is judged as the reference would run it", (constant, node, reason) => {
    const graph = parseGraph(`in x: float32[1, 2, 3, 3]\ns: ${constant}\n${node}\nout y`);
    if (reason === null) expect(int8Obstacle(graph, graph.nodes[0]!)).toBeNull();
    else expect(int8Obstacle(graph, graph.nodes[0]!)).toMatch(reason);
  });
});
