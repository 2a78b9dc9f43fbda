import { parseGraph } from "@edgewise/graph";
import type { BatchCase } from "../../../testing/batch.ts";
import { emitInput, goldenVectors, randomNumbers } from "../../../testing/quantized-case.ts";

/** A depthwise 3x3 convolution. */
interface DepthwiseShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly stride: 1 | 2;
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number];
}

/** Rests of four channels and of two rows, rows of one and two outputs, more rows than working memory keeps, a picture too wide for many. */
const shapes: readonly DepthwiseShape[] = [
  { channels: 4, height: 5, width: 5, stride: 1, pads: [1, 1, 1, 1] },
  { channels: 5, height: 4, width: 6, stride: 1, pads: [0, 0, 0, 0] },
  { channels: 3, height: 19, width: 3, stride: 1, pads: [1, 0, 1, 0] },
  { channels: 2, height: 6, width: 20, stride: 1, pads: [1, 1, 1, 1] },
  { channels: 1, height: 1, width: 1, stride: 1, pads: [1, 1, 1, 1] },
  { channels: 6, height: 7, width: 8, stride: 2, pads: [0, 0, 1, 1] },
  { channels: 4, height: 20, width: 5, stride: 2, pads: [1, 1, 1, 1] },
  { channels: 7, height: 5, width: 31, stride: 2, pads: [1, 1, 1, 1] },
];
const ends = ["rectified", "free", "clamped"] as const;
type End = (typeof ends)[number];

function depthwiseText({ channels, height, width, stride, pads }: DepthwiseShape, end: End, seed: number): string {
  const next = randomNumbers(seed);
  const whole = (low: number, high: number): number => low + next(high - low + 1);
  const [top, left, bottom, right] = pads;
  const side = (size: number, padding: number): number => Math.floor((size + padding - 3) / stride) + 1;
  const scale = Array.from({ length: channels }, () => Math.fround((5 + next(15)) / 1000));
  const weights = Array.from({ length: channels * 9 }, () => whole(-128, 127));
  const bias = Array.from({ length: channels }, () => whole(-3000, 3000));
  const output = 0.125;
  const bounds = end === "rectified" ? " clampMin=0" : end === "clamped" ? ` clampMin=${-20 * output} clampMax=${40 * output}` : "";
  return `graph depthwise
in x: int8[1, ${channels}, ${height}, ${width}] scale=0.5 zero=${whole(-20, 20)}
w: int8[${channels}, 1, 3, 3] scale=[${scale.join(", ")}] axis=0 = const [${weights.join(", ")}]
b: int32[${channels}] scale=[${scale.map((one) => Math.fround(one * 0.5)).join(", ")}] axis=0 = const [${bias.join(", ")}]
y: int8[1, ${channels}, ${side(height, top + bottom)}, ${side(width, left + right)}] scale=${output} zero=${end === "rectified" ? -128 : whole(-20, 20)} = Conv(x, w, b) kernel_shape=[3, 3] strides=[${stride}, ${stride}] pads=[${pads.join(", ")}] group=${channels}${bounds}
out y
`;
}

/** Single depthwise convolutions of every shape with every ending, named by them. */
export const depthwiseCases: readonly BatchCase[] = shapes.flatMap((shape, i) => ends.map((end, j): BatchCase => {
  const seed = 1 + ends.length * i + j;
  const graph = parseGraph(depthwiseText(shape, end, seed));
  const { channels, height, width, stride } = shape;
  return { name: `${channels} x ${height} x ${width}, stride ${stride}, ${end}`, input: emitInput({ graph, quantized: graph, golden: goldenVectors(graph, seed, 3), backend: "dsp" }) };
}));
