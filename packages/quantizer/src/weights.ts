import { type Node, type Quant, type Uses, type Value, type ValueId, invariant, valueOf } from "@edgewise/graph";
import { affine, nearest, storeWeights, weightQuant } from "./affine.ts";
import { correctedBias, tapCoverage } from "./bias-correction.ts";
import type { GraphDraft } from "./draft.ts";
import { realData } from "./real-data.ts";
import type { Scheme } from "./scheme.ts";

export interface WeightContext {
  /** The fact of an activation as its readers read it. */
  quantOf(id: ValueId): Quant | null;
  readonly uses: Uses;
  readonly scheme: Scheme;
  /** Mean of each channel of the node's float input; missing: the bias is not corrected. */
  readonly means?: readonly number[] | undefined;
}

/**
 * int8 weights and int32 or int64 bias of Conv, ConvTranspose, Gemm, MatMul, by input position; positions that are not weights are missing.
 *
 *   weight  axis of the output channels: Conv 0, ConvTranspose 1, Gemm 0 with transB, else 1, MatMul the last
 *   bias    round(real / (inputScale · weightScale[c])), ties away from zero, within its type
 *
 * With `means` the real bias of Conv and Gemm is first corrected (bias-correction.ts). A Conv or Gemm without bias gets
 * one of zeros in any case, so that the graph's structure does not depend on the calibration.
 */
export function placeWeights(draft: GraphDraft, node: Node, context: WeightContext): readonly (ValueId | undefined)[] {
  const weight = valueOf(draft.source, node.inputs[1] ?? "");
  if (!weight.constant) return [];
  const input = context.quantOf(node.inputs[0] ?? "");
  const inputScale = input?.scale[0];
  invariant(inputScale !== undefined, `the input of ${node.origin.node} has a scale`);
  const shape = (weight.shape ?? []).map(Number);
  const axis = channelAxis(node, shape.length);
  const channels = shape[axis] ?? 1;
  const data = realData(weight);
  const bias = node.op === "MatMul" ? null : realBias(draft, node, channels);
  const facts = { shape, data, axis, ...(bias && { biasSteps: bias.data.map((real) => Math.abs(real) / inputScale), biasLimit: context.scheme.biasLimit }) };
  const quant = weightQuant(facts);
  const stored = storeWeights(facts, quant);
  const placed = draft.placeConstant({ ...weight, dtype: "int8", quant, constant: { bytes: bytesOf(stored) } }, context.uses);
  if (!bias) return [undefined, placed];
  const corrected = context.means ? { ...bias, data: correctedBias(bias.data, { facts, quant, stored, means: context.means, coverage: tapCoverage(draft.source, node) }) } : bias;
  return [undefined, placed, placeBias(draft, corrected, { inputScale, quant, uses: context.uses, type: context.scheme.bias })];
}

/** The axis of the output channels of a weight. */
export function channelAxis(node: Node, rank: number): number {
  if (node.op === "Conv") return 0;
  if (node.op === "ConvTranspose") return 1;
  if (node.op === "Gemm") return node.attrs["transB"] === 1 ? 0 : 1;
  return rank - 1;
}

interface RealBias {
  readonly value: Value;
  readonly data: readonly number[];
}

/** The real bias, one number a channel; zeros when the node has none. */
function realBias(draft: GraphDraft, node: Node, channels: number): RealBias {
  const id = node.inputs[2] ?? null;
  const given = id === null ? [0] : Array.from(realData(valueOf(draft.source, id)));
  invariant(given.length === 1 || given.length === channels, `the bias of ${node.origin.node} has one number a channel`);
  const data = Array.from({ length: channels }, (_, c) => given[given.length === 1 ? 0 : c] ?? 0);
  const value: Value = id === null
    ? { id: `${node.outputs[0]}_bias`, dtype: "int32", shape: [channels], quant: null, constant: null }
    : valueOf(draft.source, id);
  return { value, data };
}

function placeBias(draft: GraphDraft, bias: RealBias, at: { readonly inputScale: number; readonly quant: Quant; readonly uses: Uses; readonly type: Scheme["bias"] }): ValueId {
  const channels = bias.data.length;
  const scales = Array.from({ length: channels }, (_, c) => Math.fround(at.inputScale * (at.quant.scale[at.quant.scale.length === 1 ? 0 : c] ?? 1)));
  const steps = bias.data.map((real, c) => nearest(real / (at.inputScale * (at.quant.scale[c] ?? 1))));
  const quant = affine(scales, scales.map(() => 0), 0);
  const value: Value = { ...bias.value, dtype: at.type, shape: [channels], quant, constant: { bytes: bytesOf(storedBias(steps, at.type)) } };
  return draft.source.values.has(value.id) ? draft.placeConstant(value, at.uses) : draft.add(value);
}

function storedBias(steps: readonly number[], type: Scheme["bias"]): Int32Array | BigInt64Array {
  return type === "int64" ? BigInt64Array.from(steps, BigInt) : Int32Array.from(steps, (step) => Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), step)));
}

function bytesOf(data: Int8Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
