import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Gathering, gatheredOverlapBytes } from "./gathered-overlap.ts";

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const gatherings: fc.Arbitrary<Gathering> = fc.record({
  in_height: size(6), in_width: size(6), kernel_height: size(3), kernel_width: size(3), stride_height: size(3), stride_width: size(3),
  pad_top: fc.integer({ min: 0, max: 3 }), pad_left: fc.integer({ min: 0, max: 3 }), dilation_height: size(2), in_channels: size(4), out_channels: size(9), out_height: size(6), out_width: size(6),
});

/** Walks the blocks over one array and says whether any byte is read after it was overwritten. */
function clobbers(g: Gathering, block: number, overlap: number): boolean {
  const pixels = g.out_height * g.out_width;
  const start = overlap - pixels * g.out_channels;
  let written = start;
  for (let first = 0; first < pixels; first += block) {
    const count = Math.min(block, pixels - first);
    for (let p = first; p < first + count; p++) {
      for (let i = 0; i < g.kernel_height; i++) {
        for (let j = 0; j < g.kernel_width; j++) {
          const y = Math.floor(p / g.out_width) * g.stride_height - g.pad_top + i * g.dilation_height;
          const x = (p % g.out_width) * g.stride_width - g.pad_left + j;
          if (y >= 0 && y < g.in_height && x >= 0 && x < g.in_width && (y * g.in_width + x) * g.in_channels < written) return true;
        }
      }
    }
    written += count * g.out_channels;
  }
  return false;
}

describe("overlap of a layer that gathers a block of pixels", () => {
  test("no byte is read after it was overwritten, and one byte more would be", () => {
    fc.assert(fc.property(gatherings, size(4), (g, block) => {
      const overlap = gatheredOverlapBytes(g, block);
      expect(clobbers(g, block, overlap)).toBe(false);
      const most = g.out_height * g.out_width * g.out_channels;
      if (overlap > 0 && overlap < most) expect(clobbers(g, block, overlap + 1), JSON.stringify(g)).toBe(true);
    }), { numRuns: 500, seed: 3 });
  });
  test("rows as wide as their results may be computed in place", () => {
    const rows: Gathering = {
      in_height: 1, in_width: 10, kernel_height: 1, kernel_width: 1, stride_height: 1, stride_width: 1, pad_top: 0, pad_left: 0, dilation_height: 1,
      in_channels: 8, out_channels: 8, out_height: 1, out_width: 10,
    };
    expect(gatheredOverlapBytes(rows, 2)).toBe(80);
    expect(gatheredOverlapBytes({ ...rows, out_channels: 4 }, 2)).toBe(40);
    expect(gatheredOverlapBytes({ ...rows, out_channels: 9 }, 2)).toBe(90 - 8);
  });
});
