import { type Attrs, type DType, type Node, type OpName, type Origin, type Tensor, type ValueId, allocate } from "@edgewise/graph";
import { milDTypes } from "../dtypes.ts";
import type { MilArgument, MilNumbers, MilOperation, MilTensorType, MilValue } from "../mil.ts";

/** What the lifting of an operation may ask of the program around it. */
export interface LiftContext {
  /** The value bound to an input; null where it is left out. A literal becomes a constant. */
  value(input: string): ValueId | null;
  /** All values of an input that takes a tuple. */
  tuple(input: string): readonly ValueId[];
  /** The numbers of what an input is bound to; null for what is computed, or no numbers. */
  contents(bound: MilArgument): Tensor | null;
  /** The contents of a constant input; null where it is left out or computed. */
  constant(input: string): MilValue | null;
  /** Type of a value of the program. */
  type(id: ValueId): MilTensorType | null;
  /** A constant written in place as a constant of the graph; its type is one that the IR has. */
  literal(wish: string, value: MilNumbers): ValueId;
  /** A constant of the graph that the program does not have. */
  addConstant(wish: string, tensor: Tensor): ValueId;
  /** Makes a result of the operation a constant. */
  define(id: ValueId, tensor: Tensor): void;
  /** A value of the graph that the program does not have, whose type follows from its op. */
  fresh(wish: string): ValueId;
  /** The operation that makes a value. */
  producer(id: ValueId): MilOperation | null;
}

export interface LiftUse {
  readonly operation: MilOperation;
  readonly context: LiftContext;
  readonly origin: Origin;
}

export type Lifted = readonly Node[] | { readonly refused: string };

/** How an operation enters the graph. */
export interface Lift {
  /** Inputs that the operation has; a trailing "?" is optional. Any other is refused. */
  readonly inputs: readonly string[];
  lift(use: LiftUse): Lifted;
}

/** Name of the operation's (first) result. */
export function result({ operation }: LiftUse): ValueId {
  return operation.outputs[0]?.name ?? "";
}

/** The value at an input that the registry has found to be there. */
export function given({ context }: LiftUse, input: string): ValueId {
  return context.value(input) ?? "";
}

export function node(use: LiftUse, made: { readonly op: OpName; readonly inputs: readonly (ValueId | null)[]; readonly attrs?: Attrs; readonly output?: ValueId }): Node {
  const inputs = [...made.inputs];
  while (inputs.length > 0 && inputs[inputs.length - 1] === null) inputs.pop();
  return { op: made.op, inputs, outputs: [made.output ?? result(use)], attrs: made.attrs ?? {}, origin: use.origin };
}

/** The numbers of a constant input; null where it is left out or not constant. */
export function numbersOf({ context, operation }: LiftUse, input: string): readonly number[] | null {
  const bound = operation.inputs[input]?.[0] ?? operation.attributes[input];
  const tensor = bound === undefined ? null : context.contents(bound);
  return tensor === null ? null : Array.from(tensor.data, Number);
}

export function numberOf(use: LiftUse, input: string, otherwise: number): number {
  return numbersOf(use, input)?.[0] ?? otherwise;
}

export function boolOf(use: LiftUse, input: string, otherwise: boolean): boolean {
  return numberOf(use, input, otherwise ? 1 : 0) !== 0;
}

export function stringOf({ context }: LiftUse, input: string): string | null {
  const value = context.constant(input);
  return value?.kind === "strings" ? value.strings[0] ?? null : null;
}

/** Rank of a value; 0 for one whose type is not known. */
export function rankOf({ context }: LiftUse, id: ValueId): number {
  return context.type(id)?.shape.length ?? 0;
}

/** int64 parameters: shapes, axes, ranges. */
export function addWholes(use: LiftUse, wish: string, list: readonly number[]): ValueId {
  return use.context.addConstant(`${result(use)}_${wish}`, { dtype: "int64", shape: [list.length], data: BigInt64Array.from(list, BigInt) });
}

/** A scalar or list of numbers of a type. */
export function addNumbers(use: LiftUse, wish: string, about: { readonly dtype: DType; readonly shape: readonly number[]; readonly numbers: readonly number[] }): ValueId {
  const data = allocate(about.dtype, about.numbers.length);
  about.numbers.forEach((number, index) => { data[index] = data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(Math.trunc(number)) : number; });
  return use.context.addConstant(`${result(use)}_${wish}`, { dtype: about.dtype, shape: about.shape, data });
}

/** Element type of a value; float32 for one whose type is not known. */
export function dtypeOf({ context }: LiftUse, id: ValueId): DType {
  const dtype = context.type(id)?.dtype;
  return dtype === undefined ? "float32" : milDTypes[dtype].ir ?? "float32";
}
