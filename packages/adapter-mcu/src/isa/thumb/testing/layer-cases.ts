import { parseGraph } from "@edgewise/graph";
import type { BatchCase } from "../../../testing/batch.ts";
import { emitInput, goldenVectors, randomNumbers } from "../../../testing/quantized-case.ts";

/** A convolution, depthwise when every channel has its own filter. */
interface ConvShape {
  readonly name: string;
  /** [height, width, channels] */
  readonly input: readonly [number, number, number];
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number];
  readonly depthwise?: boolean;
  /** Sums of four weights that never leave a lane, that do now and then, and that mostly do. */
  readonly weights: "small" | "heavy-tailed" | "full";
  /** Behind a rectifier results are lines; else both roundings show, and a clamp inside int8 may. */
  readonly end: "rectified" | "free" | "clamped";
}

const same3 = { kernel: [3, 3], stride: [1, 1], pads: [1, 1, 1, 1] } as const;
const point = { kernel: [1, 1], stride: [1, 1], pads: [0, 0, 0, 0] } as const;

const shapes: readonly ConvShape[] = [
  { name: "pixels of whole groups", input: [3, 3, 8], outputs: 6, ...point, weights: "small", end: "rectified" },
  { name: "pixels of parts of groups, an odd channel", input: [3, 5, 13], outputs: 7, ...point, weights: "heavy-tailed", end: "rectified" },
  { name: "an even number of pixels, both roundings", input: [2, 4, 64], outputs: 9, ...point, weights: "heavy-tailed", end: "free" },
  { name: "one pixel, weights of full size", input: [1, 1, 30], outputs: 5, ...point, weights: "full", end: "rectified" },
  { name: "rows of whole groups with borders", input: [5, 4, 4], outputs: 4, ...same3, weights: "heavy-tailed", end: "rectified" },
  { name: "rows of parts of groups with borders", input: [4, 5, 3], outputs: 3, ...same3, weights: "heavy-tailed", end: "clamped" },
  { name: "a wide kernel over few pixels", input: [6, 2, 5], outputs: 2, kernel: [4, 3], stride: [2, 1], pads: [2, 1, 2, 1], weights: "full", end: "free" },
  { name: "windows beside the picture", input: [2, 2, 4], outputs: 3, kernel: [2, 2], stride: [1, 2], pads: [2, 2, 2, 2], weights: "small", end: "free" },
  { name: "strides with an odd number of groups", input: [7, 7, 12], outputs: 8, kernel: [3, 1], stride: [2, 2], pads: [1, 0, 1, 0], weights: "heavy-tailed", end: "rectified" },
  { name: "depthwise with borders", input: [5, 5, 7], outputs: 7, ...same3, depthwise: true, weights: "full", end: "rectified" },
  { name: "depthwise of two taps, both roundings", input: [4, 6, 3], outputs: 3, kernel: [1, 2], stride: [1, 1], pads: [0, 0, 0, 1], depthwise: true, weights: "full", end: "free" },
  { name: "depthwise of many taps", input: [9, 9, 2], outputs: 2, kernel: [5, 5], stride: [2, 2], pads: [2, 2, 2, 2], depthwise: true, weights: "heavy-tailed", end: "clamped" },
  { name: "depthwise of a pair of turns", input: [6, 6, 5], outputs: 5, kernel: [4, 4], stride: [1, 2], pads: [0, 0, 0, 0], depthwise: true, weights: "small", end: "rectified" },
  { name: "a row into blocks of eight", input: [1, 1, 130], outputs: 24, ...point, weights: "full", end: "rectified" },
  { name: "a row into blocks of eight and some", input: [1, 1, 67], outputs: 29, ...point, weights: "full", end: "free" },
  { name: "a row with a clamp", input: [1, 1, 129], outputs: 16, ...point, weights: "full", end: "clamped" },
];

const INPUT_SCALE = 0.5;
/** A weight from a number in [-1, 1). */
const weightOf: Readonly<Record<ConvShape["weights"], (x: number) => number>> = { small: (x) => 40 * x, "heavy-tailed": (x) => 127 * x ** 3, full: (x) => 127 * x };

function convText({ input: [height, width, channels], outputs, kernel, stride, pads, depthwise = false, weights, end }: ConvShape, seed: number): string {
  const next = randomNumbers(seed);
  const whole = (low: number, high: number): number => low + next(high - low + 1);
  const depth = depthwise ? 1 : channels;
  const taps = depth * kernel[0] * kernel[1];
  const scale = Array.from({ length: outputs }, () => Math.fround((5 + next(15)) / 1000));
  const filter = Array.from({ length: outputs * taps }, () => Math.round(weightOf[weights](whole(-1000, 1000) / 1000)));
  const bias = Array.from({ length: outputs }, () => whole(-3000, 3000));
  // Sums spread as the square root of their number.
  const output = Math.fround(0.015 * Math.sqrt(taps) + 0.05);
  const zero = end === "rectified" ? -128 : whole(-20, 20);
  const bounds = end === "rectified" ? " clampMin=0" : end === "clamped" ? ` clampMin=${-20 * output} clampMax=${40 * output}` : "";
  const rows = Math.floor((height + pads[0] + pads[2] - kernel[0]) / stride[0]) + 1;
  const columns = Math.floor((width + pads[1] + pads[3] - kernel[1]) / stride[1]) + 1;
  return `graph layer
in x: int8[1, ${channels}, ${height}, ${width}] scale=${INPUT_SCALE} zero=${whole(-20, 20)}
w: int8[${outputs}, ${depth}, ${kernel.join(", ")}] scale=[${scale.join(", ")}] axis=0 = const [${filter.join(", ")}]
b: int32[${outputs}] scale=[${scale.map((one) => Math.fround(one * INPUT_SCALE)).join(", ")}] axis=0 = const [${bias.join(", ")}]
y: int8[1, ${outputs}, ${rows}, ${columns}] scale=${output} zero=${zero} = Conv(x, w, b) kernel_shape=[${kernel.join(", ")}] strides=[${stride.join(", ")}] pads=[${pads.join(", ")}]${depthwise ? ` group=${channels}` : ""}${bounds}
out y
`;
}

/** Single layers of every shape, kind of weights and ending. */
export const layerCases: readonly BatchCase[] = shapes.map((shape, seed) => {
  const graph = parseGraph(convText(shape, seed + 1));
  return { name: `${shape.name}, ${shape.weights} weights, ${shape.end}`, input: emitInput({ graph, quantized: graph, golden: goldenVectors(graph, seed + 1, 4), isa: "armv6-m", backend: "thumb" }) };
});
