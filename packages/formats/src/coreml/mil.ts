/** Element types of MIL, as its operations spell them. */
export type MilDType =
  | "bool" | "string" | "fp16" | "fp32" | "fp64"
  | "int4" | "int8" | "int16" | "int32" | "int64"
  | "uint1" | "uint2" | "uint3" | "uint4" | "uint6" | "uint8" | "uint16" | "uint32" | "uint64";

export interface MilTensorType {
  readonly kind: "tensor";
  readonly dtype: MilDType;
  /** Row-major dims, null for one that is known only when the model runs; [] for a scalar. */
  readonly shape: readonly (number | null)[];
}

export interface MilListType {
  readonly kind: "list";
  readonly element: MilTensorType;
  readonly count: number;
}

export interface MilDictionaryType {
  readonly kind: "dictionary";
  readonly key: MilTensorType;
  readonly value: MilTensorType;
}

export type MilType = MilTensorType | MilListType | MilDictionaryType;

/** Numbers: packed little-endian, row-major, types below 8 bits from the low bits up. Where they are stored is the file's matter. */
export interface MilNumbers {
  readonly kind: "numbers";
  readonly type: MilTensorType;
  readonly bytes: Uint8Array;
}

/** A string, or a tensor or list of strings. */
export interface MilStrings {
  readonly kind: "strings";
  readonly type: MilTensorType | MilListType;
  readonly strings: readonly string[];
}

/** Of a kind that no operation of a classifier uses; its contents are not kept. */
export interface MilOther {
  readonly kind: "other";
}

export type MilValue = MilNumbers | MilStrings | MilOther;

/** What an input of an operation is bound to: the name of a value, or the value itself. */
export type MilArgument = string | MilValue;

export interface MilPort<Type extends MilType = MilType> {
  readonly name: string;
  readonly type: Type;
}

export interface MilOperation {
  /** "conv", "const", … */
  readonly type: string;
  readonly name: string;
  /** In the order in which they are written; several arguments where an input takes a tuple (concat). */
  readonly inputs: Readonly<Record<string, readonly MilArgument[]>>;
  readonly outputs: readonly MilPort[];
  /** Beside the name: the `val` of a const, the parameters of a constexpr operation before iOS 18. */
  readonly attributes: Readonly<Record<string, MilValue>>;
}

/** The one function "main" of an ML program, for one operation set. Operations in order of execution. */
export interface MilProgram {
  /** "CoreML5" to "CoreML8". */
  readonly opset: string;
  readonly inputs: readonly MilPort<MilTensorType>[];
  readonly operations: readonly MilOperation[];
  readonly outputs: readonly string[];
}

export function tensorType(dtype: MilDType, shape: readonly (number | null)[]): MilTensorType {
  return { kind: "tensor", dtype, shape };
}

/** A string parameter: "custom", "fp16". */
export function stringValue(text: string): MilStrings {
  return { kind: "strings", type: tensorType("string", []), strings: [text] };
}

/** "fp32[1, 3, ?]" */
export function typeText(type: MilType): string {
  switch (type.kind) {
    case "tensor": return `${type.dtype}[${type.shape.map((dim) => dim ?? "?").join(", ")}]`;
    case "list": return `${type.count} × ${typeText(type.element)}`;
    case "dictionary": return `${typeText(type.key)} → ${typeText(type.value)}`;
    default: return type satisfies never;
  }
}
