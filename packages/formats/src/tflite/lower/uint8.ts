import type { Node, Quant } from "@edgewise/graph";
import type { ProgramOperator, ProgramTensor, TfliteProgram } from "../program.ts";
import { versionOf } from "./versions.ts";

/** A program and, for each operator, the node that it is there for. */
export interface Traced {
  readonly program: TfliteProgram;
  readonly nodes: readonly Node[];
}

export type Borders = "int8" | "as-computed";

const weighted: ReadonlySet<string> = new Set(["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"]);

/**
 * Whether int8 kernels do not compute what the graph says, but uint8 ones do: weights with a zero point, and averages that
 * round exact halves up.
 */
export function wantsUint8({ program, nodes }: Traced): { readonly weights: boolean; readonly averages: boolean } {
  const shifted = program.operators.some(({ op, inputs }) => {
    const w = program.tensors[inputs[1] ?? -1];
    return weighted.has(op) && w?.type === "INT8" && program.tensors[inputs[0] ?? -1]?.type === "INT8" && (w.quant?.zeroPoint.some((zero) => zero !== 0) ?? false);
  });
  return { weights: shifted, averages: program.operators.some(({ op }, i) => op === "AVERAGE_POOL_2D" && nodes[i]?.attrs["halves"] === "up") };
}

/** uint8 tensors have one scale, and ELU no uint8 kernel. */
export function fitsUint8({ tensors, operators }: TfliteProgram): boolean {
  return operators.every(({ op }) => op !== "ELU") && tensors.every(({ type, quant }) => type !== "INT8" || quant === null || quant.axis === null);
}

/**
 * The same numbers as uint8: stored numbers and zero points 128 higher. Inputs and outputs stay int8, behind QUANTIZE, or
 * become uint8 too.
 *
 * Source: TFLite kernels/quantize.cc (int8 to uint8 of one scale is exact).
 */
export function asUint8({ program, nodes }: Traced, borders: Borders = "int8"): Traced {
  const tensors = program.tensors.map(raised);
  const before: ProgramOperator[] = [];
  const after: ProgramOperator[] = [];
  const traced: { readonly before: Node[]; readonly after: Node[] } = { before: [], after: [] };
  const operators = program.operators.map((each) => ({ ...each, version: versionOf(each.op, { inputs: each.inputs.map((i) => tensors[i] ?? null), outputs: each.outputs.map((i) => tensors[i] ?? null), options: each.options }) }));
  const border = (index: number, side: "input" | "output"): number => {
    const outer = program.tensors[index];
    const at = program.operators.findIndex(({ inputs, outputs }) => (side === "input" ? inputs : outputs).includes(index));
    const [node, neighbour] = [nodes[at], program.operators[at]];
    if (borders === "as-computed" || outer?.type !== "INT8" || outer.quant === null || !node || !neighbour) return index;
    tensors[index] = { ...raised(outer), name: `${outer.name}.uint8` };
    const place = tensors.push(outer) - 1;
    const quantize: ProgramOperator = { op: "QUANTIZE", version: 1, inputs: [side === "input" ? place : index], outputs: [side === "input" ? index : place], options: {}, origin: neighbour.origin };
    (side === "input" ? before : after).push(quantize);
    (side === "input" ? traced.before : traced.after).push(node);
    return place;
  };
  const inputs = program.inputs.map((index) => border(index, "input"));
  const outputs = program.outputs.map((index) => border(index, "output"));
  return { program: { ...program, tensors, inputs, outputs, operators: [...before, ...operators, ...after] }, nodes: [...traced.before, ...nodes, ...traced.after] };
}

function raised(tensor: ProgramTensor): ProgramTensor {
  const { type, quant, data } = tensor;
  if (type !== "INT8" || quant === null) return tensor;
  const higher: Quant = { ...quant, zeroPoint: quant.zeroPoint.map((zero) => zero + 128) };
  return { ...tensor, type: "UINT8", quant: higher, data: data && data.map((byte) => byte ^ 0x80) };
}
