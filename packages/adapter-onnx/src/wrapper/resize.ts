import type { ImageInput } from "@edgewise/planner/schema";
import { type FunctionPart, type InterfacePart, type ModulePart, parameters } from "./parts.ts";

type Filter = Exclude<ImageInput["resize"]["filter"], "none">;
type Fit = ImageInput["resize"]["fit"];

/** Pixels of any size → the model's size, by the contract's one filter and one fit; whole-number arithmetic throughout. */
export function resizePart({ resize: { filter, fit, pad } }: ImageInput): ModulePart {
  if (filter === "none") return { functions: [sameSizeFunction] };
  const window = fit === "stretch" ? [] : [scaledFunction(fit)];
  const functions: readonly FunctionPart[] = [fittedFunction(fit, pad), ...window, resampledFunction, addRowFunction, tapsFunction(filter)];
  return {
    interfaces: [
      { name: "Taps", docs: ["Shares of source pixels `first`, `first + 1`, … in one target pixel; whole numbers."], properties: [{ name: "first", type: "number", isReadonly: true }, { name: "weights", type: "readonly number[]", isReadonly: true }] },
      {
        name: "Target", docs: ["The size of the whole resized picture, and the window of it that is computed."],
        properties: ["scaledHeight", "scaledWidth", "top", "left", "height", "width"].map((name) => ({ name, type: "number", isReadonly: true })),
      },
      weightedRowType,
    ],
    functions,
  };
}

const sizeTest = "if (pixels.height === HEIGHT_PX && pixels.width === WIDTH_PX) return pixels.data;";

const sameSizeFunction: FunctionPart = {
  name: "fitted", parameters: parameters("pixels: Pixels"), returnType: "Uint8Array", docs: ["Pictures must have the model's size."],
  statements: [sizeTest, "throw new RangeError(`The picture has ${pixels.width} x ${pixels.height} pixels; the model takes ${WIDTH_PX} x ${HEIGHT_PX} and its contract does not resize.`);"],
};

const fits: Readonly<Record<Fit, readonly string[]>> = {
  stretch: ["return resampled(pixels, { scaledHeight: HEIGHT_PX, scaledWidth: WIDTH_PX, top: 0, left: 0, height: HEIGHT_PX, width: WIDTH_PX });"],
  cover: [
    "const [scaledHeight, scaledWidth] = scaledSize(pixels);",
    "const top = Math.floor((scaledHeight - HEIGHT_PX) / 2);", "const left = Math.floor((scaledWidth - WIDTH_PX) / 2);",
    "return resampled(pixels, { scaledHeight, scaledWidth, top, left, height: HEIGHT_PX, width: WIDTH_PX });",
  ],
  contain: [
    "const [height, width] = scaledSize(pixels);",
    "const inner = resampled(pixels, { scaledHeight: height, scaledWidth: width, top: 0, left: 0, height, width });",
    "const framed = new Uint8Array(HEIGHT_PX * WIDTH_PX * CHANNELS).fill(PAD);",
    "const top = Math.floor((HEIGHT_PX - height) / 2);", "const left = Math.floor((WIDTH_PX - width) / 2);",
    "const rowLength = width * CHANNELS;",
    "for (let y = 0; y < height; y++) framed.set(inner.subarray(y * rowLength, (y + 1) * rowLength), ((top + y) * WIDTH_PX + left) * CHANNELS);",
    "return framed;",
  ],
};

const fitWords: Readonly<Record<Fit, string>> = {
  stretch: "Both sides become the model's.",
  cover: "The least size that covers the model's with the ratio kept; its middle.",
  contain: "The largest size inside the model's with the ratio kept, centred.",
};

function fittedFunction(fit: Fit, pad: number): FunctionPart {
  const value = Math.min(255, Math.max(0, Math.round(pad)));
  return {
    name: "fitted", parameters: parameters("pixels: Pixels"), returnType: "Uint8Array", docs: [fitWords[fit]],
    statements: [sizeTest, ...fits[fit].map((line) => line.replace("PAD", String(value)))],
  };
}

function scaledFunction(fit: "cover" | "contain"): FunctionPart {
  return {
    name: "scaledSize", parameters: [{ name: "{ width, height }", type: "Pixels" }], returnType: "readonly [height: number, width: number]",
    docs: ["One side is the model's, the other keeps the ratio, rounded half up, at least one pixel."],
    statements: [
      `const byHeight = ${fit === "cover" ? "width * HEIGHT_PX > height * WIDTH_PX" : "width * HEIGHT_PX <= height * WIDTH_PX"};`,
      "const ratio = (a: number, b: number): number => Math.max(1, Math.floor((2 * a + b) / (2 * b)));",
      "return byHeight ? [HEIGHT_PX, ratio(width * HEIGHT_PX, height)] : [ratio(height * WIDTH_PX, width), WIDTH_PX];",
    ],
  };
}

const resampledFunction: FunctionPart = {
  name: "resampled", parameters: parameters("pixels: Pixels", "target: Target"), returnType: "Uint8Array",
  docs: ["The weighted mean over both axes at once, rounded half up once at the end."],
  statements: [
    "const rows = Array.from({ length: target.height }, (_, y) => taps(pixels.height, target.scaledHeight, target.top + y));",
    "const columns = Array.from({ length: target.width }, (_, x) => taps(pixels.width, target.scaledWidth, target.left + x));",
    "const sum = (weights: readonly number[] = [1]): number => weights.reduce((total, weight) => total + weight, 0);",
    "const total = sum(rows[0]?.weights) * sum(columns[0]?.weights);",
    "const result = new Uint8Array(target.height * target.width * CHANNELS);",
    "const row = new Float64Array(target.width * CHANNELS);",
    `rows.forEach((tap, y) => {
  row.fill(0);
  tap.weights.forEach((weight, i) => addRow(row, { pixels, y: tap.first + i, weight, columns }));
  for (let x = 0; x < row.length; x++) result[y * row.length + x] = Math.floor((2 * (row[x] ?? 0) + total) / (2 * total));
});`,
    "return result;",
  ],
};

const addRowFunction: FunctionPart = {
  name: "addRow", parameters: parameters("sums: Float64Array", "part: WeightedRow"), returnType: "void", docs: ["sums += weight * (row y resampled along x)."],
  statements: [
    "const { pixels, weight, columns } = part;", "const start = part.y * pixels.width * CHANNELS;",
    `columns.forEach(({ first, weights }, x) => {
  for (let c = 0; c < CHANNELS; c++) {
    let mean = 0;
    for (let i = 0; i < weights.length; i++) mean += (weights[i] ?? 0) * (pixels.data[start + (first + i) * CHANNELS + c] ?? 0);
    sums[x * CHANNELS + c] = (sums[x * CHANNELS + c] ?? 0) + weight * mean;
  }
});`,
  ],
};

const weightedRowType: InterfacePart = {
  name: "WeightedRow",
  properties: [{ name: "pixels", type: "Pixels" }, { name: "y", type: "number" }, { name: "weight", type: "number" }, { name: "columns", type: "readonly Taps[]" }].map((property) => ({ ...property, isReadonly: true })),
};

const tapsBodies: Readonly<Record<Filter, readonly string[]>> = {
  area: [
    "const start = index * source;", "const end = start + source;", "const first = Math.floor(start / size);", "const weights: number[] = [];",
    "for (let pixel = first; pixel * size < end; pixel++) weights.push(Math.min(end, (pixel + 1) * size) - Math.max(start, pixel * size));",
    "return { first, weights };",
  ],
  bilinear: [
    "const unit = 2 * size;", "const position = (2 * index + 1) * source - size;", "const left = Math.floor(position / unit);", "const rest = position - left * unit;",
    "if (left < 0) return { first: 0, weights: [unit] };",
    "if (left >= source - 1) return { first: source - 1, weights: [unit] };",
    "return rest === 0 ? { first: left, weights: [unit] } : { first: left, weights: [unit - rest, rest] };",
  ],
  nearest: ["return { first: Math.floor(((2 * index + 1) * source) / (2 * size)), weights: [1] };"],
};

const tapsWords: Readonly<Record<Filter, string>> = {
  area: "Exact coverage of source pixels, in units of 1/size.",
  bilinear: "Linear between half-pixel centres, held at the edges, without antialiasing.",
  nearest: "The source pixel under the centre of the target pixel.",
};

function tapsFunction(filter: Filter): FunctionPart {
  return { name: "taps", parameters: parameters("source: number", "size: number", "index: number"), returnType: "Taps", docs: [tapsWords[filter]], statements: [...tapsBodies[filter]] };
}
