import { verifyGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FREE_READ_BYTES, MAX_NAME_BYTES, MAX_READS_PER_BYTE } from "./limits.ts";
import { readTflite, tfliteValueIds } from "./read.ts";
import { oneOperator } from "./testing/read-text.ts";
import { tfliteFile } from "./testing/tflite-file.ts";

const SEED = 20;

/** An int8 convolution: every kind of table, vector and number. */
const small = tfliteFile({
  ...oneOperator({
    op: "CONV_2D", inputs: [0, 1, 2], outputs: [3],
    tensors: [
      { name: "x", shape: [1, 3, 3, 1], signature: [-1, 3, 3, 1], type: "int8", scale: [0.5], zeroPoint: [3] },
      { name: "w", shape: [2, 2, 2, 1], type: "int8", data: [1, 2, 3, 4, 5, 6, 7, 8], scale: [0.25, 0.5], zeroPoint: [0, 0], axis: 0 },
      { name: "b", shape: [2], type: "int32", data: [9, 10], scale: [0.125, 0.25], zeroPoint: [0, 0] },
      { name: "y", shape: [1, 2, 2, 2], type: "int8", scale: [1], zeroPoint: [0] },
    ],
    options: [{ field: 0, int8: 1 }, { field: 1, int32: 1 }, { field: 2, int32: 1 }, { field: 3, int8: 1 }, { field: 4, int32: 1 }, { field: 5, int32: 1 }],
  }),
  description: "small",
});

/** A sound graph, which passes take or refuse, or diagnostics with a code and, for the file's structure, a place; anything else throws. */
function survives(bytes: Uint8Array): readonly string[] {
  tfliteValueIds(bytes);
  const result = readTflite(bytes, { file: "hostile.tflite" });
  if (result.ok) {
    expect(verifyGraph(result.value)).toEqual([]);
    canonicalize(result.value);
    return [];
  }
  expect(result.errors.length).toBeGreaterThan(0);
  return result.errors.map(({ code, subject }) => {
    if (code === "TFLITE_BROKEN" || code === "TFLITE_LIMIT") expect(subject).toMatchObject({ kind: "file", byteOffset: expect.any(Number) });
    return code;
  });
}

/** The file with an unsigned number written over four of its bytes. */
function overwritten(at: number, value: number): Uint8Array {
  const bytes = small.slice();
  new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

describe("a hostile file", () => {
  it("is read as long as nothing is changed", () => {
    expect(survives(small)).toEqual([]);
  });

  it("cut at any byte is refused", () => {
    const cut = Array.from({ length: small.length }, (_, length) => survives(small.subarray(0, length)));
    // What is missing at the end may be padding.
    expect(cut.filter((codes) => codes.length === 0).length).toBeLessThan(4);
    expect(new Set(cut.flat())).toContain("TFLITE_BROKEN");
  });

  it("with any one bit flipped is a graph or diagnostics", () => {
    for (let bit = 0; bit < small.length * 8; bit++) {
      const bytes = small.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      survives(bytes);
    }
  });

  it("with a huge count, a negative one or an offset to anywhere in place of any four bytes is a graph or diagnostics", () => {
    for (let at = 0; at + 4 <= small.length; at += 4) {
      for (const value of [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, small.length, 0x10000]) survives(overwritten(at, value));
    }
  });

  it("with offsets that point back, into each other or at themselves is a graph or diagnostics", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(small.length - 4), fc.nat(small.length)), { minLength: 1, maxLength: 4 }), (edits) => {
      const bytes = small.slice();
      for (const [at, value] of edits) new DataView(bytes.buffer).setUint32(at, (value - at) >>> 0, true);
      survives(bytes);
    }), { numRuns: 2000, seed: SEED });
  });

  it("of random bytes, or with random bytes put in, is a graph or diagnostics", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(small.length), (noise, at) => {
      survives(Uint8Array.from([8, 0, 0, 0, 84, 70, 76, 51, ...noise]));
      survives(Uint8Array.from([...small.subarray(0, at), ...noise, ...small.subarray(at)]));
    }), { numRuns: 1000, seed: SEED });
  });

  it("that is empty, text, zeros or another format is no model", () => {
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode("<!doctype html><title>404</title>"), new Uint8Array(100)]) expect(survives(bytes)).toEqual(["TFLITE_NOT_A_MODEL"]);
  });

  it("with a name beyond any diagnostic is over a limit", () => {
    expect(survives(tfliteFile({ ...oneOperator({ op: "RELU", inputs: [0], outputs: [1], tensors: [{ name: "x".repeat(MAX_NAME_BYTES + 1), shape: [1] }, { name: "y", shape: [1] }] }) }))).toEqual(["TFLITE_LIMIT"]);
  });

  it("whose thousands of tensors are one table may not be read again and again", () => {
    // Each costs four bytes in the file and its name's length to read: the budget of reads ends it.
    const name = "n".repeat(MAX_NAME_BYTES);
    const copies = 100_000;
    const bytes = tfliteFile({ ...oneOperator({ op: "RELU", inputs: [0], outputs: [1], tensors: [{ name, shape: [1] }, { name: "y", shape: [1] }] }), copies });
    expect(copies * MAX_NAME_BYTES).toBeGreaterThan(bytes.length * MAX_READS_PER_BYTE + FREE_READ_BYTES);
    expect(survives(bytes)).toEqual(["TFLITE_LIMIT"]);
  });

  it("whose small constant is written anew for each of thousands of operators is over a limit", () => {
    const weights = new Uint8Array(200_000);
    const count = 300;
    const bytes = tfliteFile({
      tensors: [{ name: "x", shape: [1, 1, 1, 200_000] }, { name: "w", shape: [1, 1, 1, 200_000], type: "int8", data: weights, scale: [1] }, ...Array.from({ length: count }, (_, i) => ({ name: `y${i}`, shape: [1, 1, 1, 1] }))],
      operators: Array.from({ length: count }, (_, i) => ({ op: "CONV_2D", inputs: [0, 1, -1], outputs: [i + 2], options: [{ field: 0, int8: 1 }, { field: 1, int32: 1 }, { field: 2, int32: 1 }] })),
      inputs: [0], outputs: [2],
    });
    expect(survives(bytes)).toEqual(["TFLITE_LIMIT"]);
  });
});
