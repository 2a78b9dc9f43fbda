import fc from "fast-check";
import { expect, test } from "vitest";
import { type CopyAxis, copyPieces } from "./strides.ts";

/** What the copy kernel does with the parameters, on bytes that name their own places. */
function copied(pieces: ReturnType<typeof copyPieces>, bytes: number): Int32Array {
  const out = new Int32Array(bytes).fill(-1);
  for (const { parameters, outputOffsetBytes } of pieces) {
    const value = (name: string): number => parameters[name] ?? 0;
    for (let a = 0; a < value("n_a"); a++) for (let b = 0; b < value("n_b"); b++) for (let c = 0; c < value("n_c"); c++) for (let d = 0; d < value("n_d"); d++) {
      const [from, to] = (["in", "out"] as const).map((side) => a * value(`${side}_a`) + b * value(`${side}_b`) + c * value(`${side}_c`) + d * value(`${side}_d`));
      out[outputOffsetBytes + to!] = value("start") + from!;
    }
  }
  return out;
}

test("copies of any number of axes put every byte where the axes say, in calls of at most four loops", () => {
  const anyShape = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 7 });
  fc.assert(fc.property(anyShape, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }), (shape, keys) => {
    const order = shape.map((_, axis) => axis).sort((a, b) => keys[a]! - keys[b]!);
    const bytes = shape.reduce((product, dim) => product * dim, 1);
    const inStrides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
    let step = bytes;
    const axes = order.map((axis): CopyAxis => ({ count: shape[axis]!, inStride: inStrides[axis]!, outStride: (step /= shape[axis]!) }));
    const wanted = new Int32Array(bytes);
    for (let to = 0; to < bytes; to++) wanted[to] = axes.reduce((from, { count, inStride, outStride }) => from + (Math.floor(to / outStride) % count) * inStride, 0);
    expect(copied(copyPieces(axes), bytes)).toEqual(wanted);
  }), { numRuns: 500 });
});
