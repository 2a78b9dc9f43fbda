import { describe, expect, it } from "vitest";
import { contentUuid } from "./digest.ts";

describe("the identifier of contents", () => {
  it("is a UUID of version 8, a function of the bytes, in any order of calls", () => {
    const one = contentUuid(Uint8Array.of(1, 2, 3));
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(contentUuid(Uint8Array.of(1, 2, 3))).toBe(one);
  });

  it("differs for contents that differ in one bit, in length, or in order", () => {
    const all = [[], [0], [0, 0], [1], [1, 2], [2, 1], [1, 2, 0], ...Array.from({ length: 64 }, (_, bit) => Array.from({ length: 8 }, (_unused, at) => at === bit >> 3 ? 1 << (bit & 7) : 0))];
    expect(new Set(all.map((bytes) => contentUuid(Uint8Array.from(bytes)))).size).toBe(all.length);
  });
});
