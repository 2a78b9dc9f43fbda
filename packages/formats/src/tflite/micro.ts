import type { TfliteProgram } from "./program.ts";

/** Operators whose method of TensorFlow Lite Micro's resolver is not their name in capitals and small letters. */
const methods: Readonly<Record<string, string>> = {
  CONV_2D: "AddConv2D", DEPTHWISE_CONV_2D: "AddDepthwiseConv2D", MAX_POOL_2D: "AddMaxPool2D", AVERAGE_POOL_2D: "AddAveragePool2D", PADV2: "AddPadV2", BATCH_MATMUL: "AddBatchMatMul",
};

/** Source of a model for TensorFlow Lite Micro: its bytes, and a resolver of the operators that it has, no more. */
export interface MicroSource {
  /** C++: declares the array, its length and the resolver. */
  readonly header: string;
  readonly source: string;
  /** Operators by name, each once, sorted. */
  readonly operators: readonly string[];
}

/** Bytes of a line of the array. */
const LINE_BYTES = 16;

/**
 * A .tflite file as a C++ array, 16-byte aligned as the interpreter wants it, with a MicroMutableOpResolver of exactly the
 * program's operators.
 *
 * `name`: a C identifier. An operator without a kernel there has no such method, and the compiler says so. Source: tensorflow/lite/micro/micro_mutable_op_resolver.h.
 */
export function microSource(bytes: Uint8Array, { program, name }: { readonly program: TfliteProgram; readonly name: string }): MicroSource {
  const operators = [...new Set(program.operators.map(({ op }) => op))].sort();
  const guard = `${name.toUpperCase()}_H_`;
  const header = `#ifndef ${guard}
#define ${guard}

#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"

extern const unsigned char ${name}[];
constexpr unsigned int ${name}_bytes = ${bytes.length};

using ${name}_resolver = tflite::MicroMutableOpResolver<${operators.length}>;

/* The operators of ${name}, and no others. */
inline TfLiteStatus ${name}_register(${name}_resolver& resolver) {
${operators.map((op) => `  TF_LITE_ENSURE_STATUS(resolver.${methodOf(op)}());`).join("\n")}
  return kTfLiteOk;
}

#endif
`;
  return { header, source: `#include "${name}.h"\n\nalignas(16) const unsigned char ${name}[] = {\n${arrayLines(bytes).join("\n")}\n};\n`, operators };
}

/** RESIZE_BILINEAR → AddResizeBilinear. */
function methodOf(op: string): string {
  return methods[op] ?? `Add${op.split("_").map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join("")}`;
}

function arrayLines(bytes: Uint8Array): readonly string[] {
  return Array.from({ length: Math.ceil(bytes.length / LINE_BYTES) }, (_, line) =>
    `  ${Array.from(bytes.subarray(line * LINE_BYTES, (line + 1) * LINE_BYTES), (byte) => `0x${byte.toString(16).padStart(2, "0")},`).join(" ")}`);
}
