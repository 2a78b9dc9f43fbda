import { type TfliteDescription, describeTflite } from "@edgewise/formats/tflite";
import { type Result, ok } from "@edgewise/graph";

/** What the bytes of a model file say of themselves: the promises of a bundle, and what `check` compares them with. */
export interface ModelSummary {
  /** "3 ADD, 5 CONV_2D": by name. */
  readonly ops: string;
  /** Elements of multiplied weights by stored type, "unpacked" where a DEQUANTIZE stands before the layer: "INT8:4096" or "FLOAT16 unpacked:120". */
  readonly weights: string;
  /** Types of what layers multiply the weights with: "FLOAT32", "INT8". */
  readonly activations: string;
  readonly inputs: string;
  readonly outputs: string;
  readonly modelBytes: number;
}

/** Operators that multiply by weights, and the position of what they multiply. */
const multiplying: Readonly<Record<string, number>> = { CONV_2D: 0, DEPTHWISE_CONV_2D: 0, FULLY_CONNECTED: 0, BATCH_MATMUL: 0, TRANSPOSE_CONV: 2 };

/** Reads model.tflite back, knowing nothing of how it was written. */
export function summarizeModel(bytes: Uint8Array, file: string): Result<ModelSummary & { readonly description: TfliteDescription }> {
  const read = describeTflite(bytes, { file });
  if (!read.ok) return read;
  const model = read.value;
  return ok({
    description: model,
    ops: counted(model.operators.map(({ op }) => [op, 1] as const)).map(([op, n]) => `${n} ${op}`).join(", "),
    weights: counted(weightTypes(model)).map(([type, n]) => `${type}:${n}`).join(", ") || "none",
    activations: counted(activationTypes(model)).map(([type]) => type).join(", ") || "none",
    inputs: portsText(model, model.inputs), outputs: portsText(model, model.outputs), modelBytes: bytes.length,
  });
}

function counted(entries: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const [name, amount] of entries) counts.set(name, (counts.get(name) ?? 0) + amount);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function portsText({ tensors }: TfliteDescription, ports: readonly number[]): string {
  return ports.map((index) => `${tensors[index]?.name} ${tensors[index]?.type}[${tensors[index]?.shape.join(",")}]`).join(", ");
}

/** Stored types of the constants that layers multiply by, each once. */
function weightTypes({ tensors, operators }: Pick<TfliteDescription, "tensors" | "operators">): readonly (readonly [string, number])[] {
  const unpacking = new Map(operators.filter(({ op }) => op === "DEQUANTIZE").map(({ inputs, outputs }) => [outputs[0], inputs[0]] as const));
  const weights = new Set(operators.filter(({ op }) => op in multiplying).map(({ inputs }) => inputs[1] ?? -1));
  return [...weights].filter((index) => isWeight({ operators, tensors }, index)).flatMap((index) => {
    const source = unpacking.get(index);
    const tensor = tensors[source ?? index];
    if (tensor === undefined || tensor.bytes === null) return [];
    return [[source === undefined ? tensor.type : `${tensor.type} unpacked`, tensor.shape.reduce((product, dim) => product * dim, 1)] as const];
  });
}

/** A matrix or kernel that is only multiplied by: what another kind of layer reads too stays as that layer needs it. */
function isWeight({ tensors, operators }: Pick<TfliteDescription, "tensors" | "operators">, index: number): boolean {
  return tensors[index]?.shape.length !== 1 && operators.every(({ op, inputs }) => !inputs.includes(index) || (op in multiplying && inputs.every((input, position) => input !== index || position === 1)));
}

function activationTypes({ tensors, operators }: TfliteDescription): readonly (readonly [string, number])[] {
  return operators.flatMap(({ op, inputs }) => {
    const position = multiplying[op];
    const tensor = position === undefined ? undefined : tensors[inputs[position] ?? -1];
    return tensor === undefined ? [] : [[tensor.type, 1] as const];
  });
}
