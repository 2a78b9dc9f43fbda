import { type Graph, parseGraph } from "@edgewise/graph";
import fc from "fast-check";

/** A layer of a random int8 network; what does not fit where it stands is left out. */
export type Int8Layer =
  | { readonly kind: "conv" | "depthwise"; readonly channels: number; readonly kernel: readonly [number, number]; readonly stride: 1 | 2; readonly pads: readonly number[]; readonly dilation: 1 | 2 }
  | { readonly kind: "pool"; readonly op: "MaxPool" | "AveragePool"; readonly stride: 1 | 2; readonly pads: readonly number[] }
  | { readonly kind: "unary"; readonly op: (typeof unaryOps)[number] }
  | { readonly kind: "binary"; readonly op: "Add" | "Sub" | "Mul"; readonly other: "branch" | "constant" }
  | { readonly kind: "extremum"; readonly op: "Min" | "Max" }
  | { readonly kind: "concat" | "pad" | "transposes" | "gate" };

export const unaryOps = ["Relu", "Clip", "LeakyRelu", "HardSwish", "Sigmoid", "Tanh", "Quantize"] as const;

export interface Int8Recipe {
  /** Drives all numbers: weights, biases, scales, zero points. */
  readonly seed: number;
  readonly channels: number;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly layers: readonly Int8Layer[];
  readonly head: "none" | "mean" | "flatten" | "channels-last";
}

const stride = fc.constantFrom(1 as const, 2 as const);
const pads = fc.tuple(fc.nat(1), fc.nat(1), fc.nat(2), fc.nat(2)).map((edges) => [...edges]);
const side = fc.integer({ min: 1, max: 3 });

const layer: fc.Arbitrary<Int8Layer> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("conv" as const, "depthwise" as const), channels: fc.integer({ min: 2, max: 6 }), kernel: fc.tuple(side, side), stride, pads, dilation: fc.constantFrom(1 as const, 1 as const, 2 as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pool" as const), op: fc.constantFrom("MaxPool" as const, "AveragePool" as const), stride, pads: fc.constantFrom([0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("unary" as const), op: fc.constantFrom(...unaryOps) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("binary" as const), op: fc.constantFrom("Add" as const, "Sub" as const, "Mul" as const), other: fc.constantFrom("branch" as const, "constant" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("extremum" as const), op: fc.constantFrom("Min" as const, "Max" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("concat" as const, "pad" as const, "transposes" as const, "gate" as const) }) },
);

export const anyInt8Recipe: fc.Arbitrary<Int8Recipe> = fc.record({
  seed: fc.nat(0x7fffffff),
  channels: fc.integer({ min: 1, max: 3 }),
  heightPx: fc.integer({ min: 3, max: 8 }),
  widthPx: fc.integer({ min: 3, max: 8 }),
  layers: fc.array(layer, { minLength: 1, maxLength: 7 }),
  head: fc.constantFrom("none" as const, "mean" as const, "flatten" as const, "channels-last" as const),
});

/**
 * Small int8 CNNs with odd zero points, uneven padding, and filters of which many are all zero, saturate, or are read by
 * nobody; the input is int8.
 */
export const anyInt8Cnn: fc.Arbitrary<Graph> = anyInt8Recipe.map((recipe) => parseGraph(int8CnnText(recipe)));

/** The network of a seed: the same on every machine and version of fast-check's shrinker. */
export function randomInt8Cnn(seed: number): Graph {
  const [graph] = fc.sample(anyInt8Cnn, { numRuns: 1, seed });
  if (graph === undefined) throw new Error("invariant violated: a sample has one network");
  return graph;
}

interface Drawing {
  readonly lines: string[];
  readonly next: () => number;
  count: number;
  value: string;
  shape: readonly number[];
  scale: number;
  zero: number;
}

/** The recipe in the text form; values are v0, v1, … */
export function int8CnnText(recipe: Int8Recipe): string {
  const next = numbers(recipe.seed);
  const shape = [1, recipe.channels, recipe.heightPx, recipe.widthPx];
  const drawing: Drawing = { lines: [], next, count: 0, value: "x", shape, scale: 0.5, zero: whole(next, -20, 20) };
  const input = `in x: int8[${shape.join(", ")}]${factText(drawing.scale, drawing.zero)}`;
  for (const one of recipe.layers) drawLayer(drawing, one);
  drawHead(drawing, recipe.head);
  if (drawing.value === "x") drawUnary(drawing, "Relu");
  return ["graph random", input, ...drawing.lines, `out ${drawing.value}`, ""].join("\n");
}

/** xorshift32: the same numbers on every machine. */
function numbers(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function whole(next: () => number, low: number, high: number): number {
  return low + Math.floor(next() * (high - low + 1));
}

function pick<T>(next: () => number, list: readonly T[]): T {
  const found = list[Math.floor(next() * list.length)];
  if (found === undefined) throw new Error("invariant violated: a choice among nothing");
  return found;
}

function factText(scale: number, zero: number): string {
  return ` scale=${scale}${zero === 0 ? "" : ` zero=${zero}`}`;
}

interface Result {
  readonly shape: readonly number[];
  readonly scale?: number;
  readonly zero?: number;
}

/** Appends a node; its result is int8 of the drawing's fact unless another is given. */
function define(drawing: Drawing, text: string, { shape, scale = drawing.scale, zero = drawing.zero }: Result): void {
  const id = `v${drawing.count++}`;
  drawing.lines.push(`${id}: int8[${shape.join(", ")}]${factText(scale, zero)} = ${text}`);
  Object.assign(drawing, { value: id, shape, scale, zero });
}

function constant(drawing: Drawing, type: string, values: readonly number[]): string {
  const id = `k${drawing.count++}`;
  drawing.lines.push(`${id}: ${type} = const [${values.join(", ")}]`);
  return id;
}

function drawLayer(drawing: Drawing, layer: Int8Layer): void {
  const { shape, next, value } = drawing;
  const [, channels = 1, height = 1, width = 1] = shape;
  switch (layer.kind) {
    case "conv": case "depthwise": return drawConv(drawing, layer);
    case "pool": {
      const sides = [height, width].map((size, i) => Math.floor((size + (layer.pads[i] ?? 0) + (layer.pads[i + 2] ?? 0) - 2) / layer.stride) + 1);
      if (sides.every((size) => size >= 1)) define(drawing, `${layer.op}(${value}) kernel_shape=[2, 2] strides=[${layer.stride}, ${layer.stride}] pads=[${layer.pads.join(", ")}]`, { shape: [1, channels, ...sides] });
      return;
    }
    case "unary": return drawUnary(drawing, layer.op);
    case "binary": {
      const { scale, zero } = drawing;
      const other = layer.other === "branch" ? branch(drawing) : constant(drawing, `int8[${pick(next, [`1, ${channels}, 1, 1`, `${channels}, 1, 1`])}]${factText(scale, zero)}`, Array.from({ length: channels }, () => whole(next, -128, 127)));
      return define(drawing, `${layer.op}(${value}, ${other})${pick(next, ["", " clampMin=0"])}`, { shape, scale: scale * pick(next, [1, 1.3]), zero: whole(next, -128, 30) });
    }
    case "extremum": return define(drawing, `${layer.op}(${value}, ${branch(drawing)})`, { shape, scale: drawing.scale, zero: drawing.zero });
    case "concat": return define(drawing, `Concat(${value}, ${branch(drawing)}) axis=1`, { shape: [1, 2 * channels, height, width] });
    case "pad": {
      const pads = constant(drawing, "int64[8]", [0, 0, 1, 0, 0, 0, 0, 1]);
      const fill = pick(next, [null, 3.5]);
      return define(drawing, `Pad(${value}, ${pads}${fill === null ? "" : `, ${constant(drawing, "float32[]", [fill])}`})`, { shape: [1, channels, height + 1, width + 1] });
    }
    case "transposes": {
      define(drawing, `Transpose(${value}) perm=[0, 2, 3, 1]`, { shape: [1, height, width, channels] });
      return define(drawing, `Transpose(${drawing.value}) perm=[0, 3, 1, 2]`, { shape });
    }
    case "gate": {
      const { scale, zero } = drawing;
      define(drawing, `GlobalAveragePool(${value})`, { shape: [1, channels, 1, 1] });
      return define(drawing, `Mul(${value}, ${drawing.value})`, { shape, scale: scale * 2, zero });
    }
    default: return layer satisfies never;
  }
}

/** Another value of the same shape and fact: a unary op on the current one, which stays current. */
function branch(drawing: Drawing): string {
  const before = { value: drawing.value, shape: drawing.shape, scale: drawing.scale, zero: drawing.zero };
  define(drawing, `LeakyRelu(${before.value}) alpha=0.25`, before);
  const made = drawing.value;
  Object.assign(drawing, before);
  return made;
}

function drawUnary(drawing: Drawing, op: (typeof unaryOps)[number]): void {
  const { value, shape, next } = drawing;
  const scale = drawing.scale * pick(next, [1, 0.8, 1.5]);
  switch (op) {
    case "Sigmoid": return define(drawing, `Sigmoid(${value})`, { shape, scale: 1 / 256, zero: -128 });
    case "Tanh": return define(drawing, `Tanh(${value})`, { shape, scale: 1 / 128, zero: 0 });
    case "Clip": return define(drawing, `Clip(${value}, ${constant(drawing, "float32[]", [-1])}, ${constant(drawing, "float32[]", [6])})`, { shape, scale, zero: whole(next, -128, 20) });
    case "Relu": case "LeakyRelu": case "HardSwish": case "Quantize": return define(drawing, `${op}(${value})`, { shape, scale, zero: whole(next, -128, 20) });
    default: return op satisfies never;
  }
}

function drawConv(drawing: Drawing, layer: Int8Layer & { readonly kind: "conv" | "depthwise" }): void {
  const { next, value, shape } = drawing;
  const [, inputs = 1, height = 1, width = 1] = shape;
  const { kernel, stride, pads, dilation } = layer;
  const sides = [height, width].map((size, i) => Math.floor((size + (pads[i] ?? 0) + (pads[i + 2] ?? 0) - dilation * ((kernel[i] ?? 1) - 1) - 1) / stride) + 1);
  if (sides.some((size) => size < 1)) return;
  const depthwise = layer.kind === "depthwise";
  const outputs = depthwise ? inputs * pick(next, [1, 1, 2]) : layer.channels;
  const depth = depthwise ? 1 : inputs;
  const numbers = linearNumbers(drawing, { outputs, depth, taps: kernel[0] * kernel[1] });
  const w = constant(drawing, `int8[${outputs}, ${depth}, ${kernel.join(", ")}]${numbers.weightFact} axis=0`, numbers.weights);
  const b = next() < 0.2 ? "" : `, ${constant(drawing, `int32[${outputs}]${numbers.biasFact} axis=0`, numbers.bias)}`;
  const attrs = `kernel_shape=[${kernel.join(", ")}] strides=[${stride}, ${stride}] pads=[${pads.join(", ")}] dilations=[${dilation}, ${dilation}] group=${depthwise ? inputs : 1}`;
  define(drawing, `Conv(${value}, ${w}${b}) ${attrs}${pick(next, ["", " clampMin=0", " clampMin=0 clampMax=6"])}`, { shape: [1, outputs, ...sides], scale: pick(next, [0.5, 0.25]), zero: whole(next, -128, 10) });
}

interface LinearNumbers {
  readonly weights: readonly number[];
  readonly bias: readonly number[];
  readonly weightFact: string;
  readonly biasFact: string;
}

/** Filters of every sort: full, all zero, overwhelmed by their bias; columns that are zero. [outputs, depth, taps] */
function linearNumbers({ next, scale }: Drawing, { outputs, depth, taps }: { readonly outputs: number; readonly depth: number; readonly taps: number }): LinearNumbers {
  const sorts = Array.from({ length: outputs }, () => pick(next, ["full", "full", "zero", "low", "high"]));
  const unread = Array.from({ length: depth }, () => depth > 1 && next() < 0.25);
  const weights = sorts.flatMap((sort) => Array.from({ length: depth * taps }, (_, i) => (sort === "zero" || unread[Math.floor(i / taps)] ? 0 : whole(next, -127, 127))));
  const bias = sorts.map((sort) => whole(next, -900, 900) + (sort === "low" ? -1e6 : sort === "high" ? 1e6 : 0));
  const scales = sorts.map(() => Math.fround(pick(next, [0.01, 0.02, 0.005])));
  return {
    weights, bias,
    weightFact: ` scale=[${scales.join(", ")}]`,
    biasFact: ` scale=[${scales.map((one) => Math.fround(one * Math.fround(scale))).join(", ")}]`,
  };
}

function drawHead(drawing: Drawing, head: Int8Recipe["head"]): void {
  if (head === "none") return;
  const [, channels = 1, height = 1, width = 1] = drawing.shape;
  if (head === "mean") define(drawing, `GlobalAveragePool(${drawing.value})`, { shape: [1, channels, 1, 1], scale: drawing.scale * 0.7, zero: drawing.zero - 0 });
  if (head === "channels-last") define(drawing, `Transpose(${drawing.value}) perm=[0, 2, 3, 1]`, { shape: [1, height, width, channels] });
  const depth = drawing.shape.reduce((product, dim) => product * dim, 1);
  const flat = head === "channels-last" ? `Reshape(${drawing.value}, ${constant(drawing, "int64[2]", [1, -1])})` : `Flatten(${drawing.value})`;
  define(drawing, flat, { shape: [1, depth] });
  const numbers = linearNumbers(drawing, { outputs: 3, depth, taps: 1 });
  const w = constant(drawing, `int8[3, ${depth}]${numbers.weightFact} axis=0`, numbers.weights);
  const b = constant(drawing, `int32[3]${numbers.biasFact} axis=0`, numbers.bias);
  define(drawing, `Gemm(${drawing.value}, ${w}, ${b}) transB=1`, { shape: [1, 3], scale: 0.5, zero: 5 });
}
