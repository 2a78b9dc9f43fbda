import { parseGraph, valueOf } from "@edgewise/graph";
import { decodeConstant } from "@edgewise/graph/ops";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PALETTE_ENTRIES, paletteOf, palettize } from "./palette.ts";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 });
const dequantized = (data: readonly number[]): readonly number[] => {
  const { table, indices } = paletteOf(data);
  return Array.from(indices, (index) => table[index]!);
};

describe("paletteOf", () => {
  test("a table is ascending, without repeats, of at most 16 float32 numbers, and every index points into it", () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 1, maxLength: 300 }), (data) => {
      const { table, indices } = paletteOf(data);
      expect(table.length).toBeLessThanOrEqual(PALETTE_ENTRIES);
      for (let k = 1; k < table.length; k++) expect(table[k]!).toBeGreaterThan(table[k - 1]!);
      expect(indices.length).toBe(data.length);
      expect(Math.max(...indices)).toBeLessThan(table.length);
    }));
  });

  test("every number gets its nearest entry", () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 17, maxLength: 200 }), (data) => {
      const { table } = paletteOf(data);
      dequantized(data).forEach((found, i) => expect(Math.abs(found - data[i]!)).toBe(Math.min(...Array.from(table, (entry) => Math.abs(entry - data[i]!)))));
    }));
  });

  test("at most 16 different numbers are kept exactly, so a palette of a palette is itself", () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 1, maxLength: 200 }), (data) => {
      const once = dequantized(data);
      expect(dequantized(once)).toEqual(once);
    }));
  });

  test("the order of the numbers does not matter", () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 20, maxLength: 100 }), (data) => {
      expect([...paletteOf([...data].reverse()).table]).toEqual([...paletteOf(data).table]);
    }));
  });

  test("it never errs more than sixteen equal steps over the range do", () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 20, maxLength: 200 }), (data) => {
      const [least, most] = [Math.min(...data), Math.max(...data)];
      const step = (most - least) / PALETTE_ENTRIES;
      const error = (of: (x: number, i: number) => number): number => data.reduce((sum, x, i) => sum + (x - of(x, i)) ** 2, 0);
      const found = dequantized(data);
      const even = error((x) => least + (Math.min(PALETTE_ENTRIES - 1, Math.floor((x - least) / (step || 1))) + 0.5) * step);
      expect(error((_, i) => found[i]!)).toBeLessThanOrEqual(even * (1 + 1e-6) + 1e-9);
    }));
  });
});

const text = `graph small
in x: float32[1, 3, 8, 8]
w: float32[8, 3, 3, 3] = const seed 1
b: float32[8] = const seed 2
y = Conv(x, w, b) kernel_shape=[3, 3]
t: float32[2, 3, 1, 1] = const seed 3
z = Conv(x, t) kernel_shape=[1, 1]
out y
out z
`;

describe("palettize", () => {
  const graph = parseGraph(text);
  const found = palettize(graph);
  const numbers = (id: string): readonly number[] => Array.from(decodeConstant(valueOf(found, id)).data as Float32Array);

  test("draws weights from 16 numbers, and leaves biases and small weights", () => {
    expect(new Set(numbers("w")).size).toBe(PALETTE_ENTRIES);
    expect(valueOf(found, "b")).toBe(valueOf(graph, "b"));
    expect(valueOf(found, "t")).toBe(valueOf(graph, "t"));
  });

  test("done twice is done once", () => {
    expect(numbers("w")).toEqual(Array.from(decodeConstant(valueOf(palettize(found), "w")).data as Float32Array));
  });
});
