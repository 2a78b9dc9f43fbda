import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { liveBytes, packedWeightBytes, ramBill, residentsOf } from "./memory.ts";
import { programOf } from "./testing/programs.ts";

interface Row {
  readonly model: string;
  readonly fileBytes: number;
  readonly activationBytes: number;
  readonly residentBytes: number;
}

const measured = JSON.parse(readFileSync(new URL("../../../bench/results/litert-memory.json", import.meta.url), "utf8")) as { readonly networks: readonly Row[] };

/** Weights of this network are stored in int8 and unpacked to float32. */
const unpacked = "mnist_quantized_weights_only";

test.each(measured.networks.map((row) => [row.model, row] as const))("%s: what was measured lies within the bill", (model, row) => {
  const bill = ramBill({ stored: row.fileBytes, packed: row.fileBytes * (model === unpacked ? 4 : 1), live: row.activationBytes }, { accelerated: false, largestBufferBytes: 0 });
  expect(row.residentBytes).toBeGreaterThanOrEqual(bill.total.low);
  expect(row.residentBytes).toBeLessThanOrEqual(bill.total.high);
  expect(bill.items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bill.total.expected);
});

describe("activations", () => {
  const program = programOf({ x: { shape: [1, 10] }, a: { shape: [1, 100] }, b: { shape: [1, 20] }, w: { type: "FLOAT16", shape: [100], data: "weights" }, u: { shape: [100] }, y: { shape: [1, 5] } }, [
    { op: "DEQUANTIZE", inputs: ["w"], outputs: ["u"] }, { op: "TILE", inputs: ["x"], outputs: ["a"] }, { op: "MUL", inputs: ["a", "u"], outputs: ["b"] }, { op: "SUM", inputs: ["b"], outputs: ["y"] },
  ]);

  test("are alive from the operator that makes them to the last that reads them", () => {
    expect(liveBytes(program)).toBe(4 * 120);
  });

  test("are no weights: those count as kernels read them, and once", () => {
    expect(packedWeightBytes(program)).toBe(400);
    expect(residentsOf(program)).toEqual({ stored: 200, packed: 400, live: 480 });
  });
});
