import { type Diagnostic, type Result, fail, ok } from "@edgewise/graph";
import type { ProgramTensor, TfliteProgram } from "@edgewise/formats/tflite";

/** A tensor that enters or leaves model.tflite, as the file has it: pictures are [N, H, W, C]. */
export interface Port {
  readonly name: string;
  readonly type: "FLOAT32" | "INT8";
  readonly shape: readonly number[];
  readonly elements: number;
  /** real = scale · (stored − zeroPoint); null for float. */
  readonly quant: { readonly scale: number; readonly zeroPoint: number } | null;
}

export interface Ports {
  readonly input: Port;
  readonly output: Port;
}

/** The one input and one output that the Kotlin API feeds and reads. Errors: LITERT_PORTS, LITERT_PORT_TYPE. */
export function portsOf(program: TfliteProgram, path: string): Result<Ports> {
  const [input, output] = [program.tensors[program.inputs[0] ?? -1], program.tensors[program.outputs[0] ?? -1]];
  if (input === undefined || output === undefined || program.inputs.length !== 1 || program.outputs.length !== 1) {
    return fail(portError(path, {
      code: "LITERT_PORTS", summary: "The Kotlin API serves models of one input and one output", found: `${program.inputs.length} inputs, ${program.outputs.length} outputs`,
      expected: "1 and 1", fix: "Export the model with the one input and output that the task's contract describes.",
    }));
  }
  const [from, to] = [portOf(input, path), portOf(output, path)];
  if (!from.ok) return from;
  return to.ok ? ok({ input: from.value, output: to.value }) : to;
}

function portOf({ name, type, shape, quant }: ProgramTensor, path: string): Result<Port> {
  if (type !== "FLOAT32" && type !== "INT8") {
    return fail(portError(path, { code: "LITERT_PORT_TYPE", summary: `${name} is neither float32 nor int8, which LiteRT's Kotlin buffers hold`, found: type, expected: "FLOAT32 or INT8", fix: "Export the model with float32 inputs and outputs; inside it may be int8 or float16." }));
  }
  const [scale, zeroPoint] = [quant?.scale[0], quant?.zeroPoint[0] ?? 0];
  return ok({
    name, type, shape, elements: shape.reduce((product, dim) => product * dim, 1),
    quant: type === "FLOAT32" || scale === undefined ? null : { scale, zeroPoint },
  });
}

function portError(path: string, words: Omit<Diagnostic, "severity" | "subject">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path }, ...words };
}
