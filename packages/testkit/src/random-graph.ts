import { type Graph, parseGraph } from "@edgewise/graph";
import fc from "fast-check";

/** One layer of a small random CNN; what does not fit where it stands (a window larger than the image) is left out. */
export type Layer =
  | { readonly kind: "conv"; readonly channels: number; readonly window: Window; readonly bias: boolean }
  | { readonly kind: "depthwise"; readonly window: Window; readonly bias: boolean }
  | { readonly kind: "batch-norm" | "affine" | "identity" | "transposes" | "residual" | "concat" }
  | { readonly kind: "pad"; readonly pads: readonly number[] }
  | { readonly kind: "activation"; readonly op: (typeof activations)[number] }
  | { readonly kind: "max-pool" | "average-pool"; readonly window: Window };

export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** [top, left, bottom, right], below the kernel's extent. */
  readonly pads: readonly [number, number, number, number];
}

export interface Recipe {
  readonly channels: number;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly layers: readonly Layer[];
  readonly head: "none" | "pool-gemm-softmax" | "flatten-gemm" | "flatten-matmul-add" | "reshape-gemm";
}

export const activations = ["Relu", "Relu6", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish"] as const;

const size: fc.Arbitrary<number> = fc.integer({ min: 1, max: 3 });
const window: fc.Arbitrary<Window> = fc
  .record({ kernel: fc.tuple(size, size), strides: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })), dilations: fc.tuple(fc.constantFrom(1, 1, 2), fc.constantFrom(1, 1, 2)), edges: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)) })
  .map(({ edges: [top, left, bottom, right], ...rest }): Window => {
    const [rows, columns] = rest.kernel;
    return { ...rest, pads: [Math.min(top, rows - 1), Math.min(left, columns - 1), Math.min(bottom, rows - 1), Math.min(right, columns - 1)] };
  });

const layer: fc.Arbitrary<Layer> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("conv" as const), channels: fc.integer({ min: 1, max: 5 }), window, bias: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("depthwise" as const), window, bias: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("batch-norm" as const, "affine" as const, "identity" as const, "transposes" as const, "residual" as const, "concat" as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("activation" as const), op: fc.constantFrom(...activations) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("max-pool" as const, "average-pool" as const), window }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pad" as const), pads: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }) }) },
);

/** Small CNNs with odd shapes, strides, dilations and paddings; shrinks to few layers. */
export const anyRecipe: fc.Arbitrary<Recipe> = fc.record({
  channels: fc.integer({ min: 1, max: 3 }),
  heightPx: fc.integer({ min: 3, max: 9 }),
  widthPx: fc.integer({ min: 3, max: 9 }),
  layers: fc.array(layer, { maxLength: 7 }),
  head: fc.constantFrom("none", "pool-gemm-softmax", "flatten-gemm", "flatten-matmul-add", "reshape-gemm"),
});

/** Float graphs of `anyRecipe`, shapes of the intermediate values left open. */
export const anyCnn: fc.Arbitrary<Graph> = anyRecipe.map((recipe) => parseGraph(cnnText(recipe)));

/** The graph of a seed, outside of a property. */
export function randomCnn(seed: number): Graph {
  const [graph] = fc.sample(anyCnn, { seed, numRuns: 1 });
  if (!graph) throw new Error("invariant violated: a sample of one graph is empty");
  return graph;
}

/** The recipe in the text form; values are v0, v1, … */
export function cnnText(recipe: Recipe): string {
  const drawing: Drawing = { lines: [], next: 0, shape: [recipe.channels, recipe.heightPx, recipe.widthPx], value: "x" };
  for (const one of recipe.layers) drawLayer(drawing, one);
  drawHead(drawing, recipe.head);
  const last = drawing.value === "x" ? define(drawing, "Identity(x)", drawing.shape) : drawing.value;
  const input = `in x: float32[1, ${recipe.channels}, ${recipe.heightPx}, ${recipe.widthPx}]`;
  return ["graph random", input, ...drawing.lines, `out ${last}`, ""].join("\n");
}

interface Drawing {
  readonly lines: string[];
  next: number;
  /** [C, H, W] of the current value. */
  shape: readonly [number, number, number];
  value: string;
}

function define(drawing: Drawing, expression: string, shape: readonly [number, number, number]): string {
  const id = `v${drawing.next++}`;
  drawing.lines.push(`${id} = ${expression}`);
  drawing.value = id;
  drawing.shape = shape;
  return id;
}

function constant(drawing: Drawing, dims: readonly number[], form = ""): string {
  const seed = drawing.next++;
  drawing.lines.push(`k${seed}: float32[${dims.join(", ")}] = const seed ${seed}${form}`);
  return `k${seed}`;
}

function indices(drawing: Drawing, numbers: readonly number[]): string {
  const id = `k${drawing.next++}`;
  drawing.lines.push(`${id}: int64[${numbers.length}] = const [${numbers.join(", ")}]`);
  return id;
}

function drawLayer(drawing: Drawing, one: Layer): void {
  const [channels, height, width] = drawing.shape;
  const x = drawing.value;
  switch (one.kind) {
    case "conv": return drawConv(drawing, { channels: one.channels, group: 1, window: one.window, bias: one.bias });
    case "depthwise": return drawConv(drawing, { channels, group: channels, window: one.window, bias: one.bias });
    case "batch-norm": {
      const parameters = [constant(drawing, [channels], " [0.5, 2]"), constant(drawing, [channels]), constant(drawing, [channels]), constant(drawing, [channels], " [0.5, 2]")];
      return void define(drawing, `BatchNormalization(${[x, ...parameters].join(", ")})`, drawing.shape);
    }
    case "affine": {
      const scaled = define(drawing, `Mul(${x}, ${constant(drawing, [channels, 1, 1], " [0.5, 2]")})`, drawing.shape);
      return void define(drawing, `Add(${constant(drawing, [1, channels, 1, 1])}, ${scaled})`, drawing.shape);
    }
    case "identity": return void define(drawing, `Identity(${x})`, drawing.shape);
    case "transposes": {
      const last = define(drawing, `Transpose(${x}) perm=[0, 2, 3, 1]`, drawing.shape);
      const active = define(drawing, `Relu(${last})`, drawing.shape);
      return void define(drawing, `Transpose(${active}) perm=[0, 3, 1, 2]`, drawing.shape);
    }
    case "residual": {
      drawConv(drawing, { channels, group: 1, window: pointwise, bias: true });
      return void define(drawing, `Add(${x}, ${drawing.value})`, drawing.shape);
    }
    case "concat": {
      drawConv(drawing, { channels: 2, group: 1, window: pointwise, bias: false });
      return void define(drawing, `Concat(${x}, ${drawing.value}) axis=1`, [channels + 2, height, width]);
    }
    case "pad": {
      const [top = 0, left = 0, bottom = 0, right = 0] = one.pads;
      const pads = indices(drawing, [0, 0, top, left, 0, 0, bottom, right]);
      return void define(drawing, `Pad(${x}, ${pads})`, [channels, height + top + bottom, width + left + right]);
    }
    case "activation": return drawActivation(drawing, one.op);
    case "max-pool": case "average-pool": return drawPool(drawing, one.kind === "max-pool" ? "MaxPool" : "AveragePool", one.window);
    default: return one satisfies never;
  }
}

const pointwise: Window = { kernel: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };

/** Output size along height or width: floor((in + pads − extent) / stride) + 1; below 1 when the window does not fit. */
function outputOf(drawing: Drawing, { kernel, strides, dilations, pads }: Window, axis: 0 | 1): number {
  const extent = (kernel[axis] - 1) * dilations[axis] + 1;
  return Math.floor(((drawing.shape[axis + 1] ?? 0) + pads[axis] + pads[axis + 2 as 2 | 3] - extent) / strides[axis]) + 1;
}

function windowText({ kernel, strides, dilations, pads }: Window): string {
  return `kernel_shape=[${kernel.join(", ")}] strides=[${strides.join(", ")}] dilations=[${dilations.join(", ")}] pads=[${pads.join(", ")}]`;
}

function drawConv(drawing: Drawing, conv: { readonly channels: number; readonly group: number; readonly window: Window; readonly bias: boolean }): void {
  const rows = outputOf(drawing, conv.window, 0);
  const columns = outputOf(drawing, conv.window, 1);
  if (rows < 1 || columns < 1) return;
  const weight = constant(drawing, [conv.channels, drawing.shape[0] / conv.group, ...conv.window.kernel]);
  const bias = conv.bias ? `, ${constant(drawing, [conv.channels])}` : "";
  define(drawing, `Conv(${drawing.value}, ${weight}${bias}) group=${conv.group} ${windowText(conv.window)}`, [conv.channels, rows, columns]);
}

function drawPool(drawing: Drawing, op: "MaxPool" | "AveragePool", given: Window): void {
  // An average over a window that lies in the padding alone is 0 / 0; without dilation there is none.
  const fitting: Window = { ...given, dilations: [1, 1] };
  const rows = outputOf(drawing, fitting, 0);
  const columns = outputOf(drawing, fitting, 1);
  if (rows < 1 || columns < 1) return;
  define(drawing, `${op}(${drawing.value}) ${windowText(fitting).replace(" dilations=[1, 1]", "")}`, [drawing.shape[0], rows, columns]);
}

function drawActivation(drawing: Drawing, op: (typeof activations)[number]): void {
  if (op !== "Relu6") return void define(drawing, `${op}(${drawing.value})`, drawing.shape);
  const low = `k${drawing.next++}`;
  const high = `k${drawing.next++}`;
  drawing.lines.push(`${low}: float32[] = const [0]`, `${high}: float32[] = const [6]`);
  define(drawing, `Clip(${drawing.value}, ${low}, ${high})`, drawing.shape);
}

function drawHead(drawing: Drawing, head: Recipe["head"]): void {
  if (head === "none") return;
  const pooled = head === "pool-gemm-softmax";
  const [channels, height, width] = pooled ? [drawing.shape[0], 1, 1] : drawing.shape;
  const features = channels * height * width;
  if (pooled) define(drawing, `GlobalAveragePool(${drawing.value})`, [channels, 1, 1]);
  if (head === "reshape-gemm") define(drawing, `Reshape(${drawing.value}, ${indices(drawing, [-1, features])})`, drawing.shape);
  else define(drawing, `Flatten(${drawing.value})`, drawing.shape);
  if (head === "flatten-matmul-add") {
    define(drawing, `MatMul(${drawing.value}, ${constant(drawing, [features, 4])})`, drawing.shape);
    define(drawing, `Add(${drawing.value}, ${constant(drawing, [1, 4])})`, drawing.shape);
  } else define(drawing, `Gemm(${drawing.value}, ${constant(drawing, [4, features])}, ${constant(drawing, [4])}) transB=1`, drawing.shape);
  if (pooled) define(drawing, `Softmax(${drawing.value}) axis=1`, drawing.shape);
}
