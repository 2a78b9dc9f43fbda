import { parseGraph } from "@edgewise/graph";
import type { BatchCase } from "../../../testing/batch.ts";
import { emitInput, goldenVectors, randomNumbers } from "../../../testing/quantized-case.ts";

/** A fully connected layer with one row. */
interface DenseShape {
  readonly inputs: number;
  readonly outputs: number;
  /** Scales of the weights: one for all channels, or one each. */
  readonly scales: "shared" | "own";
  /** Behind a rectifier the zero point is -128 and saturation clamps; else both roundings show, and a clamp inside int8 may. */
  readonly end: "rectified" | "free" | "clamped";
}

/** Every remainder of inputs by eight and of outputs by four, one block of taps and many, either place of the requantization. */
const shapes: readonly DenseShape[] = [
  { inputs: 128, outputs: 8, scales: "shared", end: "rectified" },
  { inputs: 129, outputs: 9, scales: "shared", end: "free" },
  { inputs: 130, outputs: 10, scales: "shared", end: "clamped" },
  { inputs: 131, outputs: 11, scales: "own", end: "rectified" },
  { inputs: 132, outputs: 12, scales: "own", end: "free" },
  { inputs: 133, outputs: 13, scales: "own", end: "clamped" },
  { inputs: 1030, outputs: 1, scales: "own", end: "rectified" },
  { inputs: 519, outputs: 2, scales: "shared", end: "free" },
  { inputs: 350, outputs: 3, scales: "own", end: "free" },
  { inputs: 1, outputs: 1025, scales: "own", end: "rectified" },
  { inputs: 8, outputs: 130, scales: "shared", end: "rectified" },
  { inputs: 72, outputs: 18, scales: "own", end: "rectified" },
];

const INPUT_SCALE = 0.5;

function denseText({ inputs, outputs, scales, end }: DenseShape, seed: number): string {
  const next = randomNumbers(seed);
  const whole = (low: number, high: number): number => low + next(high - low + 1);
  const scale = Array.from({ length: scales === "own" ? outputs : 1 }, () => Math.fround((5 + next(15)) / 1000));
  // Sums of more than a thousand full weights leave the 24 bits that a lane has.
  const most = inputs > 1000 ? 60 : 127;
  // Weights of -128 cut the channels into runs.
  const least = seed % 3 === 0 ? 25 : 0;
  const rows = Array.from({ length: outputs * inputs }, () => (next(1000) < least ? -128 : whole(-most, most)));
  const bias = Array.from({ length: outputs }, () => whole(-9000, 9000));
  const axis = scales === "own" ? " axis=0" : "";
  // Sums spread as the square root of their number.
  const output = Math.fround(0.02 * Math.sqrt(inputs) + 0.1);
  const zero = end === "rectified" ? -128 : whole(-20, 20);
  const bounds = end === "rectified" ? " clampMin=0" : end === "clamped" ? ` clampMin=${-20 * output} clampMax=${40 * output}` : "";
  return `graph dense
in x: int8[1, ${inputs}] scale=${INPUT_SCALE} zero=${whole(-20, 20)}
w: int8[${outputs}, ${inputs}] scale=${scales === "own" ? `[${scale.join(", ")}]` : String(scale[0])}${axis} = const [${rows.join(", ")}]
b: int32[${outputs}] scale=${scales === "own" ? `[${scale.map((one) => Math.fround(one * INPUT_SCALE)).join(", ")}]` : String(Math.fround((scale[0] ?? 0) * INPUT_SCALE))}${axis} = const [${bias.join(", ")}]
y: int8[1, ${outputs}] scale=${output} zero=${zero} = Gemm(x, w, b) transB=1${bounds}
out y
`;
}

/** Single layers of every shape and ending, named by them. */
export const denseCases: readonly BatchCase[] = shapes.map((shape, seed) => {
  const graph = parseGraph(denseText(shape, seed + 1));
  const name = `${shape.inputs} to ${shape.outputs}, ${shape.scales} scales, ${shape.end}`;
  return { name, input: emitInput({ graph, quantized: graph, golden: goldenVectors(graph, seed + 1, 4), backend: "dsp" }) };
});
