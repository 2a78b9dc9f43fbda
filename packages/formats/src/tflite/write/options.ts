import { type Attr, invariant } from "@edgewise/graph";
import type { ProgramOperator } from "../program.ts";
import { type OptionField, optionNumber, optionsTables } from "./operator-options.ts";
import { type FlatField, type FlatTable, flatNumber, flatTable } from "./parts.ts";

export interface OperatorOptions {
  /** Number in union BuiltinOptions. */
  readonly type: number;
  readonly table: FlatTable;
}

/** An operator's options; null when the operator has none. `once` gives the table that another operator has already. */
export function optionsOf({ op, options }: ProgramOperator, once: (key: string, make: () => FlatTable) => FlatTable): OperatorOptions | null {
  const known = optionsTables[op];
  if (known === undefined) {
    invariant(Object.keys(options).length === 0, `the options of ${op} are not known: ${Object.keys(options).join(", ")}`);
    return null;
  }
  const entries = Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const table = once(`${known.type} ${JSON.stringify(entries)}`, () => flatTable(...entries.map(([name, value]) => {
    const field = known.fields[name];
    invariant(field !== undefined, `the options of ${op} have no field ${name}`);
    return fieldOf(field, value);
  })));
  return { type: known.type, table };
}

function fieldOf(field: OptionField, value: Attr): FlatField | null {
  if (field.kind === "int32s") {
    invariant(Array.isArray(value), "an option that is a list");
    return { field: field.field, kind: "part", value: { kind: "int32s", numbers: value.map(Number) } };
  }
  const number = typeof value === "string" ? optionNumber(field.kind, value) : value;
  invariant(typeof number === "number", `${JSON.stringify(value)} is no value of an option of kind ${field.kind}`);
  const kind = field.kind === "int32" || field.kind === "float32" ? field.kind : "int8";
  return flatNumber({ field: field.field, kind, value: number }, field.otherwise);
}
