import { type Quant, type ValueId, dtypes } from "@edgewise/graph";
import { type Maker, constant, rewritten, storedBytes, valueOf } from "../build.ts";
import { turnBytes, turned } from "../layout.ts";
import type { Operand } from "../operand.ts";
import type { Refused } from "./lift.ts";

/** How weights stand in the file and in the IR. */
export interface WeightLayout {
  /** The IR's axis i is the file's axis perm[i]. */
  readonly perm: readonly number[];
  /** Shape in the IR, where axes are split or joined as well; left out: the permuted one. */
  readonly shape?: readonly number[];
  /** The file's axis that may have a scale for each index, and the IR's axis for it. */
  readonly scaleAxis: { readonly file: number; readonly ir: number };
  /** Name of the layout, appended to the tensor's. */
  readonly name: string;
  /** Which zero points the op takes: on integers one of the whole tensor, or none; where weights are dequantized, any. */
  readonly zeroPoints: "any" | "one" | "none";
}

/**
 * Weights as a constant in the IR's layout. Zero points that need not be are taken off.
 *
 * Integer weights of a float operator stay integers, to be dequantized (adr/0001, weight-only). TensorFlow Lite quantizes
 * that operator's input as well, by its range at run time, and so is less exact.
 */
export function weightsIn(maker: Maker, w: Operand, layout: WeightLayout): ValueId | Refused {
  if (w.stored === null) return { why: "its weights are computed", expected: "constant weights" };
  if (w.dtype !== "float32" && (w.dtype !== "int8" || w.quant === null)) return { why: "its weights have a type without a meaning here", found: w.dtype, expected: "float32, int8 or uint8 with a scale" };
  const axis = w.quant?.axis ?? null;
  if (axis !== null && axis !== layout.scaleAxis.file) return { why: "its weights have a scale along an axis that is not the output channels'", found: `axis ${axis}`, expected: `axis ${layout.scaleAxis.file}` };
  const shape = layout.shape ?? turned(w.shape, layout.perm);
  const quant = w.quant && { ...w.quant, axis: axis === null ? null : layout.scaleAxis.ir };
  const shifted = quant?.zeroPoint.some((zero) => zero !== 0) ?? false;
  const bytes = bytesIn(maker, w, { layout, copied: shifted });
  const centred = quant && shifted ? centre(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length), { shape, quant }) : null;
  const taken = layout.zeroPoints === "any" || (layout.zeroPoints === "one" && quant?.axis === null);
  if (shifted && centred === null && !taken) return { why: "its weights have zero points that integer arithmetic does not take", found: `${quant?.zeroPoint.find((zero) => zero !== 0)}`, expected: "0", fix: "Quantize the weights symmetrically." };
  return constant(maker, `${w.id}.${layout.name}`, { dtype: w.dtype, shape, bytes, quant: centred ?? quant });
}

/** The stored numbers in the IR's order: the file's own bytes where nothing moves. */
function bytesIn(maker: Maker, w: Operand, { layout: { perm }, copied }: { readonly layout: WeightLayout; readonly copied: boolean }): Uint8Array {
  const from = storedBytes(maker.build, w);
  if (!copied && perm.every((axis, i) => axis === i)) return from;
  const bytes = rewritten(maker.build, from.length);
  turnBytes(from, bytes, { shape: w.shape, perm, elementBytes: dtypes[w.dtype].bits / 8 });
  return bytes;
}

/**
 * Stored weights with zero point 0 in place, where every difference to its zero point is an int8 number; null otherwise.
 *
 *   scale · (w − zero) = scale · (w' − 0), w' = w − zero: exact
 */
function centre(data: Int8Array, { shape, quant }: { readonly shape: readonly number[]; readonly quant: Quant }): Quant | null {
  const block = quant.axis === null ? data.length : shape.slice(quant.axis + 1).reduce((product, dim) => product * dim, 1);
  const zeroOf = (i: number): number => quant.zeroPoint[Math.floor(i / block) % quant.zeroPoint.length] ?? 0;
  if (!data.every((stored, i) => stored - zeroOf(i) >= -128 && stored - zeroOf(i) <= 127)) return null;
  data.forEach((stored, i) => { data[i] = stored - zeroOf(i); });
  return { ...quant, zeroPoint: quant.zeroPoint.map(() => 0) };
}

/** Converters write float32(input scale · weight scale); anything further off was made for other operands. */
const BIAS_SCALE_TOLERANCE = 1e-3;

export interface BiasOf {
  readonly x: Operand;
  readonly w: Operand;
  readonly channels: number;
}

/**
 * A bias of one number a channel.
 *
 *   float32 as it is; int32 with scale = input scale · weight scale and zero point 0, which is derived when not stated
 *
 * Null when the operator has none.
 */
export function biasIn(maker: Maker, bias: Operand | null | undefined, { x, w, channels }: BiasOf): ValueId | Refused | null {
  if (!bias) return null;
  const count = bias.shape.reduce((product, dim) => product * dim, 1);
  if (bias.stored === null || count !== channels) return { why: "its bias is not a constant of one number a channel", found: `[${bias.shape.join(", ")}]`, expected: `[${channels}]` };
  if (bias.dtype === "float32" && x.quant === null) return bias.shape.length === 1 ? valueOf(maker, bias) : constant(maker, `${bias.id}.flat`, { dtype: "float32", shape: [channels], bytes: bias.stored, quant: null });
  if (bias.dtype !== "int32" || x.quant === null || w.quant === null) return { why: "its bias does not fit its operands", found: `${bias.dtype} bias of ${x.dtype} and ${w.dtype}`, expected: "int32 for int8, float32 for float32" };
  const input = x.quant.scale[0] ?? NaN;
  const derived: Quant = { kind: "affine", axis: w.quant.axis === null ? null : 0, scale: w.quant.scale.map((scale) => Math.fround(input * scale)), zeroPoint: w.quant.scale.map(() => 0) };
  const stated = bias.quant;
  const off = stated === null ? -1 : derived.scale.findIndex((scale, c) => !near(stated.scale[stated.scale.length === 1 ? 0 : c] ?? NaN, scale));
  if (off >= 0) return { why: "the scale of its bias is not input scale times weight scale", found: `${stated?.scale[stated.scale.length === 1 ? 0 : off]} for channel ${off}`, expected: String(derived.scale[off]), fix: "Quantize the model again." };
  const bad = derived.scale.find((scale) => !(scale > 0) || !Number.isFinite(scale));
  if (bad !== undefined) return { why: "input scale times weight scale is no float32 number", found: String(bad), fix: "Quantize the model again." };
  return constant(maker, `${bias.id}.bias`, { dtype: "int32", shape: [channels], bytes: bias.stored, quant: derived });
}

function near(found: number, expected: number): boolean {
  return Math.abs(found - expected) <= BIAS_SCALE_TOLERANCE * expected;
}
