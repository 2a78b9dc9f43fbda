import { type Diagnostic, type Dim, type Value, type ValueId } from "@edgewise/graph";
import { milDTypes } from "../dtypes.ts";
import type { MilOperation, MilProgram, MilTensorType, MilType, MilValue } from "../mil.ts";
import { packagePaths } from "../package-files.ts";
import { brokenFile } from "../problems.ts";

/** Parts of a graph under construction. */
export interface Build {
  readonly program: MilProgram;
  readonly file: string;
  readonly values: Map<ValueId, Value>;
  readonly types: Map<ValueId, MilType>;
  readonly constants: Map<ValueId, MilValue>;
  readonly producers: Map<ValueId, MilOperation>;
  readonly taken: Set<ValueId>;
  readonly problems: Diagnostic[];
}

export function newBuild(program: MilProgram, file: string): Build {
  const names = program.operations.flatMap(({ outputs }) => outputs.map(({ name }) => name));
  const build: Build = { program, file, values: new Map(), types: new Map(), constants: new Map(), producers: new Map(), taken: new Set([...program.inputs.map(({ name }) => name), ...names]), problems: [] };
  for (const { name, type } of program.inputs) {
    if (build.types.has(name)) build.problems.push(graphProblem("Two inputs have one name", name));
    build.types.set(name, type);
    build.values.set(name, valueFor(name, type, (axis) => `${name}_dim${axis}`));
    if (milDTypes[type.dtype].ir === null) build.problems.push(graphProblem(`The input ${name} is not numeric`, type.dtype));
  }
  return build;
}

export function graphProblem(summary: string, found: string): Diagnostic {
  return brokenFile(packagePaths.model, { code: "COREML_GRAPH", summary, found, fix: "Make the package again." });
}

/** A value as the program declares it; open dims leave the shape to the ops, but for inputs, where they get names. */
export function valueFor(id: ValueId, type: MilTensorType, open?: (axis: number) => Dim): Value {
  const dims = type.shape.map((dim, axis) => dim ?? open?.(axis) ?? null);
  const shape = dims.includes(null) ? null : dims.flatMap((dim) => dim ?? []);
  return { id, dtype: milDTypes[type.dtype].ir ?? "float32", shape, quant: null, constant: null };
}

/** Makes a constant of the program a value of the graph; false when there is no such constant of numbers. */
export function addOperand(build: Build, id: ValueId): boolean {
  const value = build.constants.get(id);
  if (value?.kind !== "numbers") return false;
  const { ir } = milDTypes[value.type.dtype];
  if (ir === null) return false;
  build.values.set(id, { id, dtype: ir, shape: value.type.shape.map((dim) => dim ?? 0), quant: null, constant: { bytes: value.bytes } });
  return true;
}
