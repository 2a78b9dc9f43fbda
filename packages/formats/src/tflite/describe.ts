import { type Result, fail, ok } from "@edgewise/graph";
import { type ModelFile, type Subgraph, type TensorEntry, decodeModel, identifies } from "./decode.ts";
import { typeName } from "./dtypes.ts";
import { FlatError, openFlatFile, rootTable } from "./flat.ts";
import { fileProblem } from "./problems.ts";

/** A tensor as the file says it, in the file's own types and layout. */
export interface DescribedTensor {
  readonly name: string;
  /** Name in enum TensorType. */
  readonly type: string;
  readonly shape: readonly number[];
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  /** Bytes of its contents; null for what is computed or fed. */
  readonly bytes: number | null;
}

export interface DescribedOperator {
  /** Name of the builtin operator, or a custom one's own. */
  readonly op: string;
  /** Indices into `tensors`; −1 where an optional input is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** What a TensorFlow Lite file says of itself, unchanged: nothing is lifted, converted or folded. */
export interface TfliteDescription {
  readonly tensors: readonly DescribedTensor[];
  readonly operators: readonly DescribedOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Reads the tables of a file's main subgraph, for checks that ask what the bytes are, not what they mean.
 *
 * Errors: TFLITE_NOT_A_MODEL, TFLITE_BROKEN and TFLITE_LIMIT with a byte offset.
 */
export function describeTflite(bytes: Uint8Array, { file }: { readonly file: string }): Result<TfliteDescription> {
  try {
    const opened = openFlatFile(bytes);
    const model = identifies(opened) ? decodeModel(rootTable(opened)) : null;
    if (model?.main) return ok(describe(model, model.main));
    return fail(fileProblem(file, { code: "TFLITE_NOT_A_MODEL", summary: "The file is no TensorFlow Lite model", fix: "Check that this is a .tflite file." }));
  } catch (error) {
    if (!(error instanceof FlatError)) throw error;
    return fail(fileProblem(file, { code: error.code, summary: "The file cannot be read as TensorFlow Lite", found: error.message, byteOffset: error.byteOffset }));
  }
}

function describe(model: ModelFile, main: Subgraph): TfliteDescription {
  return {
    tensors: main.tensors.map((tensor) => tensorOf(model, tensor)),
    operators: main.operators.map(({ opCode, inputs, outputs }) => ({ op: model.opCodes[opCode]?.name ?? `operator code ${opCode}`, inputs, outputs })),
    inputs: main.inputs, outputs: main.outputs,
  };
}

function tensorOf({ buffers }: ModelFile, { name, type, shape, quantization, buffer }: TensorEntry): DescribedTensor {
  const data = buffers[buffer]?.data;
  return {
    name, type: typeName(type), shape, scale: quantization?.scale ?? [], zeroPoint: quantization?.zeroPoint ?? [],
    bytes: buffer === 0 || data === null || data === undefined || data.length === 0 ? null : data.length,
  };
}
