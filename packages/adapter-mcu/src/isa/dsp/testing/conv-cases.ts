import { parseGraph } from "@edgewise/graph";
import type { BatchCase } from "../../../testing/batch.ts";
import { emitInput, goldenVectors, randomNumbers } from "../../../testing/quantized-case.ts";

type End = "rectified" | "free" | "clamped";

/** [input channels, output channels, pixels]: words of weights before the loop and turns of it, rests of a block, both widths of an output. */
const shapes: readonly (readonly [inputs: number, outputs: number, pixels: number])[] = [
  [1, 2, 3], [4, 1, 4], [5, 3, 5], [9, 4, 6], [12, 5, 7], [13, 2, 8], [70, 3, 4], [72, 2, 5], [74, 2, 3], [76, 1, 3], [78, 4, 3], [144, 2, 4],
];
const ends: readonly End[] = ["rectified", "free", "clamped"];

/** A convolution of one tap over a row of pixels. */
function convText([inputs, outputs, pixels]: (typeof shapes)[number], end: End, seed: number): string {
  const next = randomNumbers(seed);
  const whole = (low: number, high: number): number => low + next(high - low + 1);
  const scale = Array.from({ length: outputs }, () => Math.fround((5 + next(15)) / 1000));
  // Weights of -128 cut the channels into runs.
  const least = seed % 2 === 0 ? 25 : 0;
  const weights = Array.from({ length: outputs * inputs }, () => (next(1000) < least ? -128 : whole(-127, 127)));
  const bias = Array.from({ length: outputs }, () => whole(-3000, 3000));
  // Sums spread as the square root of their number.
  const output = Math.fround(0.02 * Math.sqrt(inputs) + 0.05);
  const bounds = end === "rectified" ? " clampMin=0" : end === "clamped" ? ` clampMin=${-20 * output} clampMax=${40 * output}` : "";
  return `graph conv
in x: int8[1, ${inputs}, 1, ${pixels}] scale=0.5 zero=${whole(-20, 20)}
w: int8[${outputs}, ${inputs}, 1, 1] scale=[${scale.join(", ")}] axis=0 = const [${weights.join(", ")}]
b: int32[${outputs}] scale=[${scale.map((one) => Math.fround(one * 0.5)).join(", ")}] axis=0 = const [${bias.join(", ")}]
y: int8[1, ${outputs}, 1, ${pixels}] scale=${output} zero=${end === "rectified" ? -128 : whole(-20, 20)} = Conv(x, w, b) kernel_shape=[1, 1]${bounds}
out y
`;
}

/** Single convolutions of every shape with every epilogue, named by them. */
export const convCases: readonly BatchCase[] = shapes.flatMap((shape, i) => ends.map((end, j): BatchCase => {
  const seed = 1 + ends.length * i + j;
  const graph = parseGraph(convText(shape, end, seed));
  const [inputs, outputs, pixels] = shape;
  return { name: `${inputs} to ${outputs} channels, ${pixels} pixels, ${end}`, input: emitInput({ graph, quantized: graph, golden: goldenVectors(graph, seed, 3), backend: "dsp" }) };
}));
