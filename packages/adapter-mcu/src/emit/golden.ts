import type { GoldenVector } from "@edgewise/adapter";
import { type Diagnostic, type Result, elementCount, fail, ok } from "@edgewise/graph";
import { storedOf } from "@edgewise/graph/ops";
import { storedToLogical } from "../layout.ts";
import type { Port, Program } from "../program.ts";
import type { SelfTestVector } from "./selftest-file.ts";

/**
 * Golden vectors as the C sees them: int8, in the order of the arena. Vectors of a graph with float borders carry float32
 * numbers; their int8 forms are exact (an output is scale · (q − zero) of an integer q).
 */
export function selfTestVectors(golden: readonly GoldenVector[], program: Program): Result<readonly SelfTestVector[]> {
  const errors: Diagnostic[] = [];
  const vectors = golden.flatMap(({ name, input, output }) => {
    const given = int8Of(input, program.input);
    const expected = int8Of(output, program.output);
    if (given !== null && expected !== null) return [{ name, input: given, output: expected }];
    errors.push(misfit(name, program));
    return [];
  });
  return errors.length > 0 ? fail(...errors) : ok(vectors);
}

/** Null when the bytes are neither int8 nor float32 of the port's size. */
function int8Of(bytes: Uint8Array, port: Port): Int8Array | null {
  const elements = elementCount(port.shape);
  const order = storedToLogical(port.layout);
  if (bytes.byteLength === elements) return Int8Array.from(order, (index) => ((bytes[index] ?? 0) << 24) >> 24);
  if (bytes.byteLength !== 4 * elements) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int8Array.from(order, (index) => storedOf(view.getFloat32(4 * index, true), port.quant));
}

function misfit(name: string, program: Program): Diagnostic {
  return {
    code: "GOLDEN_SIZE", severity: "error", summary: "A golden vector does not have the model's size", subject: { kind: "argument", name },
    expected: `${elementCount(program.input.shape)} input and ${elementCount(program.output.shape)} output elements, int8 or float32`,
    fix: "Make the golden vectors again with this model.",
  };
}
