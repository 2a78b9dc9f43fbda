import { type Node, invariant } from "@edgewise/graph";
import type { ProgramOperator, ProgramTensor, TfliteProgram } from "../program.ts";
import { pruned } from "./finish.ts";
import type { Traced } from "./uint8.ts";
import { versionOf } from "./versions.ts";

/**
 * The program with each FLOAT16 constant unpacked by a DEQUANTIZE before the first operator that reads it: kernels compute
 * in FLOAT32, and take no FLOAT16 operands.
 */
export function unpackHalves<T extends Traced>(lowered: T): T {
  const { program, nodes } = lowered;
  const tensors: ProgramTensor[] = [...program.tensors];
  const names = new Set(tensors.map(({ name }) => name));
  const unpacked = new Map<number, number>();
  const operators: ProgramOperator[] = [];
  const traced: Node[] = [];
  program.operators.forEach((operator, i) => {
    const own = operator.op === "DEQUANTIZE" ? [] : [...new Set(operator.inputs)].filter((index) => isHalf(program.tensors[index]) && !unpacked.has(index));
    for (const index of own) {
      const half = program.tensors[index];
      const to = tensors.push({ name: freshName(names, `${half?.name ?? ""}.real`), type: "FLOAT32", shape: half?.shape ?? [], quant: null, data: null }) - 1;
      unpacked.set(index, to);
      operators.push({ op: "DEQUANTIZE", version: versionOf("DEQUANTIZE", { inputs: [half ?? null], outputs: [null], options: {} }), inputs: [index], outputs: [to], options: {}, origin: operator.origin });
    }
    operators.push(operator.op === "DEQUANTIZE" ? operator : { ...operator, inputs: operator.inputs.map((index) => unpacked.get(index) ?? index) });
    traced.push(...[...own, i].flatMap(() => nodes.slice(i, i + 1)));
  });
  return { ...lowered, program: { ...program, tensors, operators }, nodes: traced };
}

function isHalf(tensor: ProgramTensor | undefined): boolean {
  return tensor?.type === "FLOAT16" && tensor.data !== null;
}

/**
 * Layers whose int8 weights are read as they are, and the axis of their output channels. DEPTHWISE_CONV_2D and TRANSPOSE_CONV
 * have such kernels in LiteRT too, but XNNPACK takes those layers in floats only, and a DEQUANTIZE of weights is done once.
 */
const dynamicLayers: Readonly<Record<string, number>> = { CONV_2D: 0, FULLY_CONNECTED: 0 };

/**
 * The program with int8 weights read by their layers as they are: CONV_2D and FULLY_CONNECTED quantize their activations
 * while running. Other layers, and weights with a zero point, keep the DEQUANTIZE before them: XNNPACK fails to prepare those.
 *
 * Weights of one scale get it once a channel: CONV_2D's kernels for one scale answer wrongly (LiteRT 2.x without XNNPACK).
 */
export function dynamicWeights<T extends Traced>(lowered: T): T {
  const { program, nodes } = lowered;
  const tensors: ProgramTensor[] = [...program.tensors];
  const unpacked = storedSources(program);
  const spread = new Map<number, number>();
  const operators = program.operators.map((operator): ProgramOperator => {
    const source = unpacked.get(operator.inputs[1] ?? -1);
    const axis = dynamicLayers[operator.op];
    if (source === undefined || axis === undefined) return operator;
    const weights = spread.get(source) ?? tensors.push(perChannel(tensors[source], axis)) - 1;
    spread.set(source, weights);
    const inputs = operator.inputs.map((index, position) => (position === 1 ? weights : index));
    const at = (index: number): ProgramTensor | null => tensors[index] ?? null;
    return { ...operator, inputs, version: versionOf(operator.op, { inputs: inputs.map(at), outputs: operator.outputs.map(at), options: operator.options }) };
  });
  const left = pruned({ graph: program, tensors, operators }, program);
  return { ...lowered, program: left.program, nodes: left.kept.flatMap((i) => nodes.slice(i, i + 1)) };
}

/** For each tensor that is a DEQUANTIZE of int8 weights without a zero point, those weights. */
function storedSources({ tensors, operators }: TfliteProgram): ReadonlyMap<number, number> {
  return new Map(operators.flatMap(({ op, inputs: [from = -1], outputs: [to = -1] }) => (op === "DEQUANTIZE" && isSymmetric(tensors[from]) ? [[to, from] as const] : [])));
}

function isSymmetric(tensor: ProgramTensor | undefined): boolean {
  return tensor?.type === "INT8" && tensor.data !== null && (tensor.quant?.zeroPoint ?? []).every((zero) => zero === 0);
}

function perChannel(tensor: ProgramTensor | undefined, axis: number): ProgramTensor {
  invariant(tensor !== undefined, "a layer reads weights that are there");
  const { quant, shape } = tensor;
  if (quant === null || quant.axis !== null) return tensor;
  const count = shape[axis] ?? 1;
  return { ...tensor, quant: { ...quant, axis, scale: Array<number>(count).fill(quant.scale[0] ?? 1), zeroPoint: Array<number>(count).fill(0) } };
}

function freshName(taken: Set<string>, hint: string): string {
  let name = hint;
  for (let number = 1; taken.has(name); number++) name = `${hint}.${number}`;
  taken.add(name);
  return name;
}
