import { type Graph, parseGraph } from "@edgewise/graph";
import fc from "fast-check";
import { shaped } from "./agreement.ts";

/** One step of a network that moves its axes about; numbers are taken modulo what fits where the step stands. */
interface Step {
  readonly kind: (typeof kinds)[number];
  readonly a: number;
  readonly b: number;
  /** Whether the value before, not the last one, is the operand where its shape allows. */
  readonly back: boolean;
}

const kinds = ["transpose", "relu", "add-constant", "add", "concat", "slice", "pad", "softmax", "mean", "drop-mean", "join", "split-axis", "gather", "split", "conv", "pool", "resize", "dense"] as const;

interface Drawing {
  readonly lines: string[];
  readonly made: { readonly id: string; readonly shape: readonly number[] }[];
  next: number;
}

/** Small float networks of layers, moves, and ops along any axis, of ranks 2 to 5; what does not fit is left out. */
export const anyMoves: fc.Arbitrary<Graph> = fc
  .array(fc.record({ kind: fc.constantFrom(...kinds), a: fc.nat(1000), b: fc.nat(1000), back: fc.boolean() }), { minLength: 1, maxLength: 9 })
  .map((steps) => {
    const drawing: Drawing = { lines: [], made: [{ id: "x", shape: [1, 4, 5, 6] }], next: 0 };
    for (const step of steps) draw(drawing, step);
    if (drawing.made.length === 1) define(drawing, "Relu(x)", [1, 4, 5, 6]);
    const read = new Set(drawing.lines.flatMap((line) => line.split(" = ")[1]?.match(/\bv\d+\b/g) ?? []));
    const outputs = drawing.made.map(({ id }) => id).filter((id) => id !== "x" && !read.has(id));
    return shaped(parseGraph(["graph moves", "in x: float32[1, 4, 5, 6]", ...drawing.lines, `out ${outputs.join(", ")}`, ""].join("\n")));
  });

function define(drawing: Drawing, expression: string, shape: readonly number[]): void {
  const id = `v${drawing.next++}`;
  drawing.lines.push(`${id} = ${expression}`);
  drawing.made.push({ id, shape });
}

function reals(drawing: Drawing, shape: readonly number[]): string {
  const id = `k${drawing.next++}`;
  drawing.lines.push(`${id}: float32[${shape.join(", ")}] = const seed ${drawing.next}`);
  return id;
}

function wholes(drawing: Drawing, numbers: readonly number[]): string {
  const id = `k${drawing.next++}`;
  drawing.lines.push(`${id}: int64[${numbers.length}] = const [${numbers.join(", ")}]`);
  return id;
}

function draw(drawing: Drawing, { kind, a, b, back }: Step): void {
  const before = drawing.made.at(back ? -2 : -1) ?? drawing.made[0] ?? { id: "x", shape: [1, 4, 5, 6] };
  const { id: x, shape } = before;
  const rank = shape.length;
  const axis = a % rank;
  const dim = shape[axis] ?? 1;
  switch (kind) {
    case "transpose": {
      const perm = shape.map((_, i) => i).sort((i, j) => ((i * 7 + a) % 11) - ((j * 7 + a) % 11) || i - j);
      return define(drawing, `Transpose(${x}) perm=[${perm.join(", ")}]`, perm.map((i) => shape[i] ?? 1));
    }
    case "relu": return define(drawing, `Tanh(${x})`, shape);
    case "add-constant": return define(drawing, `Add(${x}, ${reals(drawing, shape.slice(b % (rank + 1)).map((each, i) => ((a >> i) & 1 ? each : 1)))})`, shape);
    case "add": {
      const other = drawing.made.find((each) => each.id !== x && each.shape.join() === shape.join());
      return other && define(drawing, `Add(${x}, ${other.id})`, shape);
    }
    case "concat": return dim > 8 ? undefined : define(drawing, `Concat(${x}, ${reals(drawing, shape.with(axis, 2))}, ${x}) axis=${axis}`, shape.with(axis, 2 * dim + 2));
    case "slice": return dim < 2 ? undefined : define(drawing, `Slice(${x}, ${wholes(drawing, [b % (dim - 1)])}, ${wholes(drawing, [dim])}, ${wholes(drawing, [axis - rank])})`, shape.with(axis, dim - (b % (dim - 1))));
    case "pad": return define(drawing, `Pad(${x}, ${wholes(drawing, [b % 2, 1])}, _, ${wholes(drawing, [axis])})`, shape.with(axis, dim + 1 + (b % 2)));
    case "softmax": return define(drawing, `Softmax(${x}) axis=${axis}`, shape);
    case "mean": return define(drawing, `ReduceMean(${x}, ${wholes(drawing, [axis])})`, shape.with(axis, 1));
    case "drop-mean": return rank < 3 ? undefined : define(drawing, `ReduceMean(${x}, ${wholes(drawing, [axis])}) keepdims=0`, shape.toSpliced(axis, 1));
    case "join": {
      const joined = shape.toSpliced(axis, 2, dim * (shape[axis + 1] ?? 1));
      return rank < 3 || axis === rank - 1 ? undefined : define(drawing, `Reshape(${x}, ${wholes(drawing, joined)})`, joined);
    }
    case "split-axis": {
      const split = shape.toSpliced(axis, 1, 2, dim / 2);
      return rank > 4 || dim % 2 === 1 ? undefined : define(drawing, `Reshape(${x}, ${wholes(drawing, split)})`, split);
    }
    case "gather": return define(drawing, `Gather(${x}, ${wholes(drawing, [b % dim, 0, -1])}) axis=${axis}`, shape.with(axis, 3));
    case "split": {
      if (dim < 2) return undefined;
      const [first, second] = [`v${drawing.next++}`, `v${drawing.next++}`];
      drawing.lines.push(`${first}, ${second} = Split(${x}, ${wholes(drawing, [1, dim - 1])}) axis=${axis}`);
      return void drawing.made.push({ id: first, shape: shape.with(axis, 1) }, { id: second, shape: shape.with(axis, dim - 1) });
    }
    case "conv": return rank < 3 || rank > 4 ? undefined : define(drawing, `Conv(${x}, ${reals(drawing, [4, shape[1] ?? 1, ...shape.slice(2).map(() => 1)])})`, shape.with(1, 4));
    case "pool": return rank !== 4 ? undefined : define(drawing, `MaxPool(${x}) kernel_shape=[2, 2] pads=[1, 0, 0, 1]`, shape);
    case "resize": return rank !== 4 || (shape[2] ?? 0) > 8 ? undefined : define(drawing, `Resize(${x}, _, _, ${wholes(drawing, [shape[0] ?? 1, shape[1] ?? 1, 2 * (shape[2] ?? 1), shape[3] ?? 1])}) mode="linear"`, shape.with(2, 2 * (shape[2] ?? 1)));
    case "dense": return rank !== 2 ? undefined : define(drawing, `Gemm(${x}, ${reals(drawing, [shape[1] ?? 1, 12])}, ${reals(drawing, [12])})`, [shape[0] ?? 1, 12]);
    default: return kind satisfies never;
  }
}
