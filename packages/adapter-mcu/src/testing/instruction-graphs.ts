/** [channels, height, width] */
const pictures: readonly (readonly number[])[] = [[4, 8, 8], [16, 8, 8], [3, 5, 7], [64, 4, 4], [10, 1, 1], [12, 15, 6]];

function graph(input: readonly number[], ...lines: readonly string[]): string {
  return `graph g\nin x: float32[${input.join(", ")}]\n${lines.join("\n")}\nout y\n`;
}

function weights(name: string, shape: readonly number[], seed: number): string {
  return `${name}: float32[${shape.join(", ")}] = const seed ${seed} [-0.5, 0.5]`;
}

export interface ConvText {
  readonly cin: number;
  readonly cout: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

/** One convolution with a square window. */
export function convText({ cin, cout, height, width, kernel, stride, pad }: ConvText): string {
  return graph([1, cin, height, width], weights("w", [cout, cin, kernel, kernel], 1), weights("b", [cout], 2),
    `y = Conv(x, w, b) kernel_shape=[${kernel}, ${kernel}] strides=[${stride}, ${stride}] pads=[${pad}, ${pad}, ${pad}, ${pad}]`);
}

/** [in, out, height, width, kernel height, kernel width, stride, padding] */
function convolutions(): readonly string[] {
  const rows: readonly (readonly number[])[] = [
    [1, 4, 12, 10, 3, 3, 1, 1], [3, 8, 16, 16, 3, 3, 2, 1], [3, 16, 12, 12, 3, 3, 1, 1], [8, 8, 8, 8, 3, 3, 1, 0], [16, 16, 8, 8, 3, 3, 1, 1], [16, 32, 7, 7, 3, 3, 2, 1],
    [24, 5, 6, 6, 3, 3, 1, 1], [1, 16, 16, 10, 10, 4, 2, 3], [4, 7, 9, 11, 5, 5, 1, 2], [12, 24, 10, 6, 1, 3, 1, 0], [32, 32, 6, 6, 3, 3, 1, 1], [6, 12, 9, 9, 2, 2, 2, 0],
    [32, 16, 8, 8, 1, 1, 2, 0],
  ];
  return rows.map(([cin = 1, cout = 1, h = 1, w = 1, kh = 1, kw = 1, stride = 1, pad = 0], i) =>
    graph([1, cin, h, w], weights("w", [cout, cin, kh, kw], i + 1), weights("b", [cout], i + 50), `y = Conv(x, w, b) kernel_shape=[${kh}, ${kw}] strides=[${stride}, ${stride}] pads=[${pad}, ${pad}, ${pad}, ${pad}]`));
}

/** [in, out, height, width] */
function pointwise(): readonly string[] {
  const rows: readonly (readonly number[])[] = [[8, 16, 12, 12], [16, 16, 9, 9], [16, 32, 8, 8], [64, 64, 6, 5], [32, 64, 6, 6], [64, 12, 3, 3], [128, 64, 3, 3], [24, 9, 7, 5], [5, 40, 6, 6], [10, 20, 1, 4]];
  return rows.map(([cin = 1, cout = 1, h = 1, w = 1], i) =>
    graph([1, cin, h, w], weights("w", [cout, cin, 1, 1], i + 1), weights("b", [cout], i + 60), "y = Conv(x, w, b) kernel_shape=[1, 1]"));
}

/** [rows, in, out]: fully connected layers. */
function vectors(): readonly string[] {
  const rows: readonly (readonly number[])[] = [[1, 16, 10], [1, 64, 12], [1, 128, 128], [1, 640, 16], [1, 128, 8], [1, 8, 128], [1, 256, 2], [1, 100, 33], [1, 49, 7], [3, 32, 16], [2, 20, 50], [1, 64, 64], [1, 32, 40], [1, 196, 24], [1, 512, 8], [1, 72, 128], [1, 256, 48], [1, 96, 16], [1, 400, 32], [1, 40, 256], [1, 1024, 16]];
  return rows.map(([count = 1, cin = 1, cout = 1], i) => graph([count, cin], weights("w", [cin, cout], i + 1), "y = MatMul(x, w)"));
}

/** [channels, height, width, kernel height, kernel width, stride, padding, outputs a channel] */
function depthwise(): readonly string[] {
  const rows: readonly (readonly number[])[] = [
    [8, 12, 12, 3, 3, 1, 1, 1], [16, 10, 10, 3, 3, 1, 1, 1], [16, 12, 12, 3, 3, 2, 1, 1], [64, 8, 5, 3, 3, 1, 1, 1], [32, 6, 6, 3, 3, 1, 1, 1], [24, 7, 7, 3, 3, 1, 0, 1],
    [64, 3, 3, 3, 3, 1, 1, 1], [12, 10, 10, 5, 5, 1, 2, 1], [128, 6, 6, 3, 3, 2, 1, 1], [1, 14, 14, 3, 3, 1, 1, 8], [7, 9, 9, 3, 3, 1, 1, 1], [4, 12, 3, 5, 1, 1, 0, 2],
    [8, 24, 24, 3, 3, 1, 1, 1], [32, 5, 5, 3, 3, 1, 1, 1], [48, 4, 7, 3, 3, 1, 1, 1], [16, 16, 16, 3, 3, 2, 1, 1], [8, 20, 11, 3, 3, 2, 1, 1], [64, 12, 5, 3, 3, 1, 1, 1], [128, 3, 3, 3, 3, 1, 1, 1], [40, 10, 10, 3, 3, 1, 1, 1],
  ];
  return rows.map(([channels = 1, h = 1, w = 1, kh = 1, kw = 1, stride = 1, pad = 0, multiple = 1], i) => graph(
    [1, channels, h, w], weights("w", [channels * multiple, 1, kh, kw], i + 1), weights("b", [channels * multiple], i + 70),
    `y = Conv(x, w, b) group=${channels} kernel_shape=[${kh}, ${kw}] strides=[${stride}, ${stride}] pads=[${pad}, ${pad}, ${pad}, ${pad}]`));
}

function rareConvolutions(): readonly string[] {
  const grouped: readonly (readonly number[])[] = [[8, 8, 8, 2], [12, 6, 7, 3], [16, 32, 6, 4], [6, 12, 10, 2], [32, 16, 5, 8]];
  const transposed: readonly (readonly number[])[] = [[4, 8, 6, 2], [8, 3, 5, 2], [16, 8, 4, 2], [3, 12, 7, 1], [8, 8, 4, 3], [12, 16, 5, 2], [16, 4, 6, 1], [5, 6, 8, 2], [4, 4, 5, 3], [32, 8, 4, 2]];
  return [
    ...grouped.map(([cin = 1, cout = 1, side = 1, groups = 1], i) =>
      graph([1, cin, side, side], weights("w", [cout, cin / groups, 3, 3], i + 1), `y = Conv(x, w) group=${groups} kernel_shape=[3, 3] pads=[1, 1, 1, 1]`)),
    ...transposed.map(([cin = 1, cout = 1, side = 1, stride = 1], i) =>
      graph([1, cin, side, side], weights("w", [cin, cout, 3, 3], i + 1), `y = ConvTranspose(x, w) kernel_shape=[3, 3] strides=[${stride}, ${stride}] pads=[1, 1, 1, 1]`)),
  ];
}

/** [channels, height, width, kernel, stride, padding] */
function pools(): readonly string[] {
  const rows: readonly (readonly number[])[] = [[8, 8, 8, 2, 2, 0], [16, 12, 6, 2, 2, 0], [4, 9, 9, 3, 2, 1], [24, 7, 7, 3, 1, 1], [64, 8, 8, 8, 8, 0], [32, 4, 6, 2, 2, 0], [8, 6, 6, 5, 1, 2], [16, 6, 6, 6, 6, 0], [12, 10, 4, 4, 2, 0], [1, 20, 20, 2, 2, 0]];
  const whole: readonly (readonly number[])[] = [[16, 5, 5], [64, 8, 8], [10, 25, 5], [128, 3, 3], [3, 20, 20]];
  return [
    ...rows.flatMap(([channels = 1, h = 1, w = 1, kernel = 1, stride = 1, pad = 0]) => ["MaxPool", "AveragePool"].map((op) =>
      graph([1, channels, h, w], `y = ${op}(x) kernel_shape=[${kernel}, ${kernel}] strides=[${stride}, ${stride}] pads=[${pad}, ${pad}, ${pad}, ${pad}]`))),
    ...whole.map((shape) => graph([1, ...shape], "y = GlobalAveragePool(x)")),
  ];
}

function elementwise(): readonly string[] {
  return pictures.flatMap((shape, i) => [
    ...["Add", "Mul", "Min", "Max"].map((op) => graph([1, ...shape], "r = Tanh(x)", `y = ${op}(x, r)`)),
    graph([1, ...shape], weights("k", [1, shape[0] ?? 1, 1, 1], i + 3), "y = Add(x, k)"),
    graph([1, ...shape], weights("k", [shape[0] ?? 1, 1, 1], i + 4), "y = PRelu(x, k)"),
    graph([1, ...shape], "y = Sigmoid(x)"),
    graph([i + 1, (shape[0] ?? 1) * (shape[1] ?? 1)], "y = Softmax(x) axis=1"),
  ]);
}

function moves(): readonly string[] {
  return pictures.flatMap(([c = 1, h = 1, w = 1]) => [
    graph([1, c, h, w], "r = Tanh(x)", "y = Concat(x, r) axis=1"),
    graph([1, c, h, w], "r = Tanh(x)", "y = Concat(x, r) axis=2"),
    graph([1, c, h, w], "p: int64[8] = const [0, 0, 1, 1, 0, 0, 1, 1]", "y = Pad(x, p)"),
    graph([1, c, h, w], `s: int64[4] = const [1, ${c}, ${2 * h}, ${2 * w}]`, 'y = Resize(x, _, _, s) coordinate_transformation_mode="asymmetric" nearest_mode="floor"'),
    graph([1, c, h, w], `s: int64[4] = const [1, ${c}, ${2 * h}, ${w + 1}]`, 'y = Resize(x, _, _, s) mode="linear"'),
  ]);
}

/** Small networks of one layer each, in geometries like those of real ones: what the coefficients of instructions rest on. */
export const instructionGraphs: readonly string[] = [
  ...convolutions(), ...pointwise(), ...vectors(), ...depthwise(), ...rareConvolutions(), ...pools(), ...elementwise(), ...moves(),
];
