import { type Tensor, type Value, type ValueId } from "@edgewise/graph";
import { decodeTensor, encodeTensor } from "@edgewise/graph/ops";
import { milDTypeFor, milDTypes } from "../dtypes.ts";
import { type MilArgument, type MilNumbers, type MilOperation, type MilTensorType, type MilValue, tensorType } from "../mil.ts";
import { type Build, addOperand } from "./build.ts";
import type { LiftContext } from "./lift.ts";

/** The program as an operation's lift sees it. */
export function newContext(build: Build, operation: MilOperation): LiftContext {
  const argument = (input: string): MilArgument | null => operation.inputs[input]?.[0] ?? null;
  const constantOf = (bound: MilArgument | null): MilValue | null => bound === null ? null : typeof bound === "string" ? build.constants.get(bound) ?? null : bound;
  const add = (wish: string, value: Omit<Value, "id">): ValueId => {
    const id = fresh(build, wish);
    build.values.set(id, { id, ...value });
    return id;
  };
  const literal = (wish: string, { type, bytes }: MilNumbers): ValueId =>
    add(wish, { dtype: milDTypes[type.dtype].ir ?? "float32", shape: type.shape.map((dim) => dim ?? 0), quant: null, constant: { bytes } });
  const known = (name: string): ValueId => {
    if (!build.values.has(name)) addOperand(build, name);
    return name;
  };
  const valueOf = (bound: MilArgument | null, input: string): ValueId | null => {
    if (bound === null) return null;
    if (typeof bound === "string") return known(bound);
    return bound.kind !== "numbers" || milDTypes[bound.type.dtype].ir === null ? null : literal(`${operation.name}_${input}`, bound);
  };
  return {
    value: (input) => valueOf(argument(input), input),
    tuple: (input) => (operation.inputs[input] ?? []).flatMap((bound, index) => valueOf(bound, `${input}_${index}`) ?? []),
    literal,
    constant: (input) => constantOf(argument(input)) ?? operation.attributes[input] ?? null,
    type: (id) => tensorTypeOf(build, id),
    addConstant: (wish, tensor) => add(wish, { dtype: tensor.dtype, shape: tensor.shape, quant: null, constant: { bytes: encodeTensor(tensor) } }),
    define: (id, tensor) => void build.values.set(id, { id, dtype: tensor.dtype, shape: tensor.shape, quant: null, constant: { bytes: encodeTensor(tensor) } }),
    contents: (bound) => {
      const value = constantOf(bound);
      return value?.kind === "numbers" ? tensorOfNumbers(value) : null;
    },
    fresh: (wish) => add(wish, { dtype: "float32", shape: null, quant: null, constant: null }),
    producer: (id) => build.producers.get(id) ?? null,
  };
}

function tensorTypeOf(build: Build, id: ValueId): MilTensorType | null {
  const type = build.types.get(id);
  if (type !== undefined) return type.kind === "tensor" ? type : null;
  const value = build.values.get(id);
  const dtype = value === undefined ? null : milDTypeFor(value.dtype);
  return value?.shape === undefined || value.shape === null || dtype === null ? null : tensorType(dtype, value.shape.map((dim) => typeof dim === "number" ? dim : null));
}

function tensorOfNumbers({ type, bytes }: MilNumbers): Tensor | null {
  const { ir } = milDTypes[type.dtype];
  return ir === null ? null : decodeTensor(ir, type.shape.map((dim) => dim ?? 0), bytes);
}

function fresh({ taken }: Build, wish: string): ValueId {
  let id = wish;
  for (let number = 2; taken.has(id); number++) id = `${wish}_${number}`;
  taken.add(id);
  return id;
}
