import { invariant } from "@edgewise/graph";
import { typeNumber } from "../dtypes.ts";
import { encodeMetadata } from "../metadata/encode.ts";
import type { TfliteMetadata } from "../metadata/metadata.ts";
import { ENTRY as METADATA_ENTRY } from "../metadata/schema.ts";
import { zipBehind } from "../metadata/zip.ts";
import type { ProgramOperator, ProgramTensor, TfliteProgram } from "../program.ts";
import * as schema from "../schema.ts";
import { contentsOf } from "./contents.ts";
import { flatBytes } from "./flat-bytes.ts";
import { optionsOf } from "./options.ts";
import { type FlatField, type FlatNumbers, type FlatTable, type FlatText, flatNumber, flatPart, flatTable, flatText } from "./parts.ts";

export interface EncodeOptions {
  /** What made the file, for its readers; nothing depends on it. */
  readonly description?: string;
  /** Names of the tensors between operators, which runtimes show but never need. Kept unless said otherwise. */
  readonly innerNames?: "keep" | "omit";
  /** Model metadata, and the files that go behind the model; the inputs and outputs in the order of the program's. */
  readonly metadata?: TfliteMetadata;
}

/** Version of the schema's layout; files of it name themselves "TFL3". */
const SCHEMA_VERSION = 3;
const IDENTIFIER = "TFL3";
/** Contents of buffers begin at multiples of this, for runtimes that map the file into memory. */
const BUFFER_ALIGNMENT = 16;
/** Code that stands in the old field of one byte for operators that it cannot hold. */
const LARGE_CODE = 127;

/**
 * Writes a program as a TensorFlow Lite file.
 *
 * Equal programs give equal bytes. Constants with equal contents, equal lists of numbers and equal scales stand in the file
 * once; beside the result, memory is that of the structure. Signatures are left out: runtimes make one of the names of inputs
 * and outputs.
 *
 * Source: github.com/tensorflow/tensorflow, tensorflow/compiler/mlir/lite/schema/schema.fbs.
 */
export function encodeTflite(program: TfliteProgram, options: EncodeOptions = {}): Uint8Array {
  const { metadata } = options;
  invariant(!metadata || (metadata.inputs.length === program.inputs.length && metadata.outputs.length === program.outputs.length), "metadata speak of each input and output");
  const contents = contentsOf([...program.tensors.map(({ data }) => data), metadata ? encodeMetadata(metadata) : null]);
  const shared = newShared();
  const codes = codesOf(program);
  const subgraph = subgraphOf(program, { shared, buffers: contents.indices, codes, innerNames: options.innerNames ?? "keep" });
  const entry = metadata ? flatTable(
    flatPart(schema.metadata.name, flatText(METADATA_ENTRY)),
    flatNumber({ field: schema.metadata.buffer, kind: "int32", value: contents.indices[program.tensors.length] ?? 0 }),
  ) : null;
  const { model } = schema;
  return flatBytes(flatTable(
    flatNumber({ field: model.version, kind: "int32", value: SCHEMA_VERSION }),
    flatPart(model.operatorCodes, { kind: "parts", parts: codes.tables }),
    flatPart(model.subgraphs, { kind: "parts", parts: [subgraph] }),
    flatPart(model.description, options.description === undefined ? null : flatText(options.description)),
    flatPart(model.buffers, { kind: "parts", parts: [flatTable(), ...contents.unique.map((data) => flatTable(flatPart(schema.buffer.data, { kind: "bytes", data, align: BUFFER_ALIGNMENT })))] }),
    flatPart(model.metadata, entry && { kind: "parts", parts: [entry] }),
  ), { identifier: IDENTIFIER, tail: (start) => zipBehind(start, metadata?.files ?? {}) });
}

/** Parts that are written once for all that have equal ones. */
interface Shared {
  readonly numbers: Map<string, FlatNumbers>;
  readonly texts: Map<string, FlatText>;
  readonly tables: Map<string, FlatTable>;
}

function newShared(): Shared {
  return { numbers: new Map(), texts: new Map(), tables: new Map() };
}

function once<T>(known: Map<string, T>, key: string, make: () => T): T {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

function list({ numbers }: Shared, kind: FlatNumbers["kind"], values: readonly number[]): FlatNumbers {
  return once(numbers, `${kind} ${values.join()}`, () => ({ kind, numbers: values }));
}

interface Codes {
  readonly tables: readonly FlatTable[];
  /** Place in the list of codes, of an operator's name and version. */
  readonly places: ReadonlyMap<string, number>;
}

const codeKey = ({ op, version }: ProgramOperator): string => `${op} ${version}`;

/** The codes in order of first use. Source: schema.fbs, table OperatorCode. */
function codesOf({ operators }: TfliteProgram): Codes {
  const first = new Map<string, ProgramOperator>();
  for (const operator of operators) if (!first.has(codeKey(operator))) first.set(codeKey(operator), operator);
  const tables = [...first.values()].map(({ op, version }) => {
    const code = schema.builtinOperators.indexOf(op);
    invariant(code >= 0, `TensorFlow Lite has no operator ${op}`);
    const { operatorCode } = schema;
    return flatTable(
      flatNumber({ field: operatorCode.deprecatedBuiltinCode, kind: "int8", value: Math.min(code, LARGE_CODE) }),
      flatNumber({ field: operatorCode.version, kind: "int32", value: version }, 1),
      flatNumber({ field: operatorCode.builtinCode, kind: "int32", value: code }),
    );
  });
  return { tables, places: new Map([...first.keys()].map((key, i) => [key, i])) };
}

interface Context {
  readonly shared: Shared;
  /** Buffer of each tensor. */
  readonly buffers: readonly number[];
  readonly codes: Codes;
  readonly innerNames: "keep" | "omit";
}

function subgraphOf(program: TfliteProgram, context: Context): FlatTable {
  const { subgraph } = schema;
  const { shared } = context;
  const named = new Set([...program.inputs, ...program.outputs]);
  const tensors = program.tensors.map((tensor, index) => tensorOf(tensor, context, { buffer: context.buffers[index] ?? 0, named: context.innerNames === "keep" || named.has(index) }));
  return flatTable(
    flatPart(subgraph.tensors, { kind: "parts", parts: tensors }),
    flatPart(subgraph.inputs, list(shared, "int32s", program.inputs)),
    flatPart(subgraph.outputs, list(shared, "int32s", program.outputs)),
    flatPart(subgraph.operators, { kind: "parts", parts: program.operators.map((operator) => operatorOf(operator, context)) }),
    flatPart(subgraph.name, flatText(program.name)),
  );
}

/** `has_rank` tells a scalar from a tensor of unknown rank; LiteRT takes tensors without it as of unknown rank. */
function tensorOf(tensor: ProgramTensor, { shared }: Context, about: { readonly buffer: number; readonly named: boolean }): FlatTable {
  const places = schema.tensor;
  return flatTable(
    flatPart(places.shape, list(shared, "int32s", tensor.shape)),
    flatNumber({ field: places.type, kind: "int8", value: typeNumber(tensor.type) }),
    flatNumber({ field: places.buffer, kind: "int32", value: about.buffer }),
    flatPart(places.name, about.named ? once(shared.texts, tensor.name, () => flatText(tensor.name)) : null),
    flatPart(places.quantization, quantizationOf(tensor, shared)),
    flatNumber({ field: places.hasRank, kind: "int8", value: 1 }),
  );
}

function quantizationOf({ quant }: ProgramTensor, shared: Shared): FlatTable | null {
  if (quant === null) return null;
  const { quantization } = schema;
  return once(shared.tables, JSON.stringify(quant), () => flatTable(
    flatPart(quantization.scale, list(shared, "float32s", quant.scale)),
    flatPart(quantization.zeroPoint, list(shared, "int64s", quant.zeroPoint)),
    flatNumber({ field: quantization.quantizedDimension, kind: "int32", value: quant.axis ?? 0 }),
  ));
}

function operatorOf(operator: ProgramOperator, { shared, codes }: Context): FlatTable {
  const places = schema.operator;
  const options = optionsOf(operator, (key, make) => once(shared.tables, key, make));
  const fields: readonly (FlatField | null)[] = options === null ? [] : [flatNumber({ field: places.builtinOptionsType, kind: "int8", value: options.type }), flatPart(places.builtinOptions, options.table)];
  return flatTable(
    flatNumber({ field: places.opcodeIndex, kind: "int32", value: codes.places.get(codeKey(operator)) ?? 0 }),
    flatPart(places.inputs, list(shared, "int32s", operator.inputs)),
    flatPart(places.outputs, list(shared, "int32s", operator.outputs)),
    ...fields,
  );
}
