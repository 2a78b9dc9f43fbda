import { ByteBuffer } from "flatbuffers";
import { describe, expect, it } from "vitest";
import { describeTflite } from "../describe.ts";
import type { ProgramTensor, TfliteProgram } from "../program.ts";
import { readTflite } from "../read.ts";
import { type EncodeOptions, encodeTflite } from "./encode.ts";
import { optionsTables } from "./operator-options.ts";

const origin = { file: "", node: "" };

function float(name: string, shape: readonly number[], numbers: readonly number[] | null = null): ProgramTensor {
  return { name, type: "FLOAT32", shape, quant: null, data: numbers && new Uint8Array(Float32Array.from(numbers).buffer) };
}

/** y = relu(x · w + b) + c, with c equal to b. */
function dense(): TfliteProgram {
  return {
    name: "main",
    tensors: [float("x", [1, 2]), float("w", [3, 2], [1, 2, 3, 4, 5, 6]), float("b", [3], [1, 2, 3]), float("inner", [1, 3]), float("c", [3], [1, 2, 3]), float("y", [1, 3])],
    operators: [
      { op: "FULLY_CONNECTED", version: 1, inputs: [0, 1, 2], outputs: [3], options: { fused_activation_function: "RELU" }, origin },
      { op: "ADD", version: 1, inputs: [3, 4], outputs: [5], options: { fused_activation_function: "NONE" }, origin },
    ],
    inputs: [0],
    outputs: [5],
  };
}

function described(program: TfliteProgram, options: EncodeOptions = {}): ReturnType<typeof ok> {
  return ok(encodeTflite(program, options));
}

function ok(bytes: Uint8Array): Extract<ReturnType<typeof describeTflite>, { ok: true }>["value"] {
  const result = describeTflite(bytes, { file: "test.tflite" });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.value;
}

/** The place of a table's field, or 0, by the official runtime. */
function placeOf(buffer: ByteBuffer, table: number, field: number): number {
  const offset = buffer.__offset(table, 4 + 2 * field);
  return offset && table + offset;
}

/** For each operator code: the number in one byte, the version or 0, the number. */
function codes(bytes: Uint8Array): readonly (readonly number[])[] {
  const buffer = new ByteBuffer(bytes);
  const list = placeOf(buffer, buffer.readInt32(0), 1);
  return Array.from({ length: buffer.__vector_len(list) }, (_, i) => {
    const table = buffer.__indirect(buffer.__vector(list) + 4 * i);
    const [old, version, code] = [0, 2, 3].map((number) => placeOf(buffer, table, number));
    return [old ? buffer.readInt8(old) : 0, version ? buffer.readInt32(version) : 0, code ? buffer.readInt32(code) : 0];
  });
}

/** Places in the file of the contents of all buffers. */
function contents(bytes: Uint8Array): readonly { readonly at: number; readonly length: number }[] {
  const buffer = new ByteBuffer(bytes);
  const field = (table: number, number: number): number => placeOf(buffer, table, number);
  const buffers = field(buffer.readInt32(0), 4);
  return Array.from({ length: buffer.__vector_len(buffers) }, (_, i) => {
    const data = field(buffer.__indirect(buffer.__vector(buffers) + 4 * i), 0);
    return data === 0 ? { at: 0, length: 0 } : { at: buffer.__vector(data), length: buffer.__vector_len(data) };
  });
}

describe("encodeTflite", () => {
  it("writes what readTflite reads", () => {
    const result = readTflite(encodeTflite(dense()), { file: "test.tflite" });
    expect(result.ok && result.value.nodes.map(({ op }) => op)).toEqual(["Gemm", "Add"]);
    expect(described(dense()).tensors.map(({ name, shape, type }) => [name, type, shape])).toEqual(dense().tensors.map(({ name, shape, type }) => [name, type, shape]));
  });

  it("gives the same bytes for equal programs", () => {
    expect(encodeTflite(structuredClone(dense()))).toEqual(encodeTflite(dense()));
  });

  it("keeps the first buffer empty, and equal constants in one", () => {
    const places = contents(encodeTflite(dense()));
    expect(places.map(({ length }) => length)).toEqual([0, 24, 12]);
  });

  it("puts contents at multiples of 16 bytes", () => {
    expect(contents(encodeTflite(dense())).map(({ at }) => at % 16)).toEqual([0, 0, 0]);
  });

  it("omits inner names alone when asked", () => {
    expect(described(dense(), { innerNames: "omit" }).tensors.map(({ name }) => name)).toEqual(["x", "", "", "", "", "y"]);
  });

  it("writes a scale an axis with its zero points", () => {
    const quant = { kind: "affine" as const, scale: [0.5, 0.25, 0.125], zeroPoint: [0, 0, 0], axis: 0 };
    const program = dense();
    const tensors = program.tensors.map((tensor) => (tensor.name === "w" ? { ...tensor, type: "INT8" as const, quant, data: Uint8Array.of(1, 2, 3, 4, 5, 6) } : tensor));
    expect(described({ ...program, tensors }).tensors[1]).toMatchObject({ type: "INT8", scale: quant.scale, zeroPoint: quant.zeroPoint });
  });

  it("gives operators of one version one code, and of two versions two", () => {
    const program = dense();
    const again = { ...program.operators[1]!, version: 2, inputs: [5, 4], outputs: [6] };
    const bytes = encodeTflite({ ...program, tensors: [...program.tensors, float("z", [1, 3])], operators: [...program.operators, again, { ...again, outputs: [7] }], outputs: [6] });
    expect(codes(bytes)).toEqual([[9, 0, 9], [0, 0, 0], [0, 2, 0]]);
  });

  it("writes codes above 126 as 127 in the old field", () => {
    const program = dense();
    const operators = [program.operators[0]!, { ...program.operators[1]!, op: "GELU", inputs: [3], options: { approximate: 1 } }];
    expect(codes(encodeTflite({ ...program, operators }))).toEqual([[9, 0, 9], [127, 0, 150]]);
  });

  it("refuses an option that the operator does not have", () => {
    const program = dense();
    const operators = [{ ...program.operators[0]!, options: { stride_w: 1 } }, program.operators[1]!];
    expect(() => encodeTflite({ ...program, operators })).toThrow(/stride_w/);
  });

  it("numbers the fields of each options table without repetition", () => {
    for (const [op, { fields }] of Object.entries(optionsTables)) {
      const numbers = Object.values(fields).map(({ field }) => field);
      expect(new Set(numbers).size, op).toBe(numbers.length);
    }
  });

  it("is read by the official runtime at every alignment of lengths", () => {
    for (let length = 0; length < 40; length++) {
      const data = Uint8Array.from({ length }, (_, i) => i + 1);
      const program = { ...dense(), tensors: [...dense().tensors, { name: "k".repeat(length), type: "INT8" as const, shape: [length], quant: null, data }] };
      const bytes = encodeTflite(program);
      const place = contents(bytes)[3]!;
      expect(place.at % 16).toBe(0);
      expect(bytes.subarray(place.at, place.at + place.length)).toEqual(data);
    }
  });
});
