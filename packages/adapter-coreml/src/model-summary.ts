import { digest } from "@edgewise/adapter";
import { type CoremlModel, type Feature, type MilArgument, type MilOperation, type MilValue, type PackageFile, type ReadCoreml, readCoreml } from "@edgewise/formats/coreml";
import { type Graph, type Result, ok } from "@edgewise/graph";

/** What the bytes of a package say of themselves: the promises of a bundle, and what `check` compares them with. */
export interface ModelSummary {
  /** "3 conv, 1 linear": operations of the program by name, constants left out. */
  readonly ops: string;
  /** Elements of multiplied weights by stored type: "fp32:120 int8:4096 uint4-table:512". */
  readonly weights: string;
  /** Type in which layers that multiply compute: "fp32" or "fp16". */
  readonly compute: string;
  /** Type that activations are rounded to: "int8", or "none". */
  readonly activations: string;
  readonly inputs: string;
  readonly outputs: string;
  /** sha256 of the class labels, one a line; "none" where the model is no classifier. */
  readonly labels: string;
  /** sha256 of all constants of the program as they are read, in order: an offset that points elsewhere changes it. */
  readonly constants: string;
  /** "CoreML5" to "CoreML8". */
  readonly opset: string;
  readonly specificationVersion: number;
  readonly modelBytes: number;
}

export interface ReadModel {
  readonly summary: ModelSummary;
  readonly read: ReadCoreml;
}

/** Reads the package back, knowing nothing of how it was written. */
export function summarizeModel(files: readonly PackageFile[], file: string): Result<ReadModel> {
  const read = readCoreml(files, { file });
  if (!read.ok) return read;
  const { model, labels } = read.value;
  const { operations, opset } = model.program;
  const layers = operations.filter(({ type }) => type in weightInputs);
  return ok({
    read: read.value,
    summary: {
      ops: counted(operations.map(({ type }) => type).filter((type) => type !== "const" && !type.startsWith("constexpr_"))).map(([type, n]) => `${n} ${type}`).join(", "),
      weights: weightTypes(model, layers),
      compute: counted(layers.flatMap(({ outputs }) => outputs.map(({ type }) => (type.kind === "tensor" ? type.dtype : type.kind)))).map(([type]) => type).join(" ") || "none",
      activations: counted(operations.filter(({ type }) => type === "quantize").flatMap(({ outputs }) => outputs.map(({ type }) => (type.kind === "tensor" ? type.dtype : type.kind)))).map(([type]) => type).join(" ") || "none",
      inputs: model.inputs.map(featureText).join(", "), outputs: model.outputs.map(featureText).join(", "),
      labels: labels === null ? "none" : digest(labels.join("\n")),
      constants: digest(numbersOf(operations).map(({ bytes }) => digest(bytes)).join("\n")),
      opset, specificationVersion: model.specificationVersion, modelBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    },
  });
}

/** The graph that the program says, with the output that the contract reads: of a classifier, what its confidences come from. */
export function contractGraph({ graph }: ReadCoreml, output: string): Graph {
  return { ...graph, outputs: graph.outputs.includes(output) ? [output] : graph.outputs.slice(0, 1) };
}

function numbersOf(operations: readonly MilOperation[]): readonly Extract<MilValue, { kind: "numbers" }>[] {
  return operations.flatMap(({ inputs, attributes }) => [...Object.values(inputs).flat(), ...Object.values(attributes)]).flatMap((value) => typeof value !== "string" && value.kind === "numbers" ? [value] : []);
}

function counted(names: readonly string[], amount: (index: number) => number = () => 1): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  names.forEach((name, index) => counts.set(name, (counts.get(name) ?? 0) + amount(index)));
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

export function featureText({ name, type }: Feature): string {
  switch (type.kind) {
    case "array": return `${name} ${type.dtype}[${type.shape.join(",")}]`;
    case "image": return `${name} ${type.color} ${type.width}x${type.height}`;
    case "dictionary": return `${name} dictionary of ${type.key}`;
    default: return `${name} ${type.kind}`;
  }
}

/** Where operations that multiply take their weights. */
const weightInputs: Readonly<Record<string, string>> = { conv: "weight", conv_transpose: "weight", linear: "weight", matmul: "y" };

/** Stored types of the constants that layers multiply by: as they are, or as the compressed form holds them. */
function weightTypes({ program }: CoremlModel, layers: readonly MilOperation[]): string {
  const producers = new Map(program.operations.flatMap((operation) => operation.outputs.map(({ name }) => [name, operation] as const)));
  const seen = new Set<MilArgument>();
  const weights = layers.flatMap(({ type, inputs }) => inputs[weightInputs[type] ?? ""] ?? []).flatMap((argument) => {
    if (seen.has(argument)) return [];
    seen.add(argument);
    const stored = storedForm(argument, producers);
    return stored === null ? [] : [stored];
  });
  return counted(weights.map(({ type }) => type), (index) => weights[index]?.elements ?? 0).map(([type, n]) => `${type}:${n}`).join(" ") || "none";
}

interface Stored {
  readonly type: string;
  readonly elements: number;
}

/** Null for what is computed, not stored. Moves of a constant are followed. */
function storedForm(argument: MilArgument, producers: ReadonlyMap<string, MilOperation>): Stored | null {
  if (typeof argument !== "string") return argument.kind === "numbers" ? { type: argument.type.dtype, elements: elementsOf(argument.type.shape) } : null;
  const producer = producers.get(argument);
  const made = producer?.outputs[0]?.type;
  if (producer === undefined || made?.kind !== "tensor") return null;
  const elements = elementsOf(made.shape);
  if (producer.type === "const") return { type: made.dtype, elements };
  if (producer.type === "constexpr_lut_to_dense") return { type: "palette", elements };
  if (producer.type.startsWith("constexpr_")) {
    const data = [...Object.values(producer.attributes), ...Object.values(producer.inputs).flat()].find((value) => typeof value !== "string" && value.kind === "numbers" && elementsOf(value.type.shape) === elements);
    return { type: data !== undefined && typeof data !== "string" && data.kind === "numbers" ? data.type.dtype : "unknown", elements };
  }
  return null;
}

function elementsOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, dim) => product * (dim ?? 1), 1);
}
