import { type Graph, type Node, type Value, type ValueId, valueOf } from "../graph.ts";
import { type Quant, sameQuant } from "../quant.ts";
import { decodeConstant } from "../tensor-codec.ts";
import type { Uses } from "../uses.ts";
import type { Pass } from "./pass.ts";
import { type Edit, type RuleContext, rewriteEach } from "./rewrite.ts";

/**
 * QuantizeLinear and DequantizeLinear with constant parameters become facts: an integer value that is made by a
 * QuantizeLinear, a constant or a graph input, and read only by DequantizeLinear of the same parameters, takes scale and
 * zero point as its fact; the nodes become Quantize and Dequantize, and a constant's Dequantize goes away.
 *
 * uint8 becomes int8 with a zero point 128 lower, which stands for the same reals, bit for bit; not at a graph input or
 * output, whose type is the user's. Does not apply to computed or blocked parameters, to parameters that disagree, to
 * integer types other than int8, uint8, int16 and int32, or when something else computes on the integers.
 */
export const lowerQdq: Pass = {
  name: "lower-qdq",
  summary: "turns QuantizeLinear and DequantizeLinear into facts on values",
  run: (graph: Graph): Graph => rewriteEach(graph, lowerAt),
};

function lowerAt({ graph, uses, node }: RuleContext): Edit | null {
  const id = node.op === "QuantizeLinear" ? node.outputs[0] : node.op === "DequantizeLinear" ? node.inputs[0] : null;
  if (id === null || id === undefined || valueOf(graph, id).quant) return null;
  const quant = agreedQuant(graph, uses, id);
  if (quant === null) return null;
  const value = withFact({ value: valueOf(graph, id), quant, atBorder: graph.inputs.includes(id) || uses.isOutput(id) });
  const replace = new Map<Node, readonly Node[]>();
  const rename = new Map<ValueId, ValueId>();
  const producer = uses.producer(id);
  if (producer) replace.set(producer, [{ ...producer, op: "Quantize", inputs: [producer.inputs[0] ?? null], attrs: {} }]);
  for (const reader of uses.consumers(id)) {
    const real = reader.outputs[0] ?? "";
    if (value.constant && !uses.isOutput(real)) {
      replace.set(reader, []);
      rename.set(real, id);
    } else replace.set(reader, [{ ...reader, op: "Dequantize", inputs: [id], attrs: {} }]);
  }
  return { replace, rename, values: [value] };
}

/** The one fact that every Q/DQ node at this value states; null when they differ or something else uses the integers. */
function agreedQuant(graph: Graph, uses: Uses, id: ValueId): Quant | null {
  const producer = uses.producer(id);
  const readers = uses.consumers(id);
  if (producer && producer.op !== "QuantizeLinear") return null;
  if (readers.some((reader) => reader.op !== "DequantizeLinear" || reader.inputs[0] !== id)) return null;
  const stated = [...(producer ? [producer] : []), ...readers].map((node) => quantOf(graph, node, valueOf(graph, id)));
  const [first = null] = stated;
  return first !== null && stated.every((quant) => sameQuant(quant, first)) ? first : null;
}

const storable: ReadonlySet<string> = new Set(["int8", "uint8", "int16", "int32"]);

function quantOf(graph: Graph, node: Node, value: Value): Quant | null {
  const [, scaleId = null, zeroId = null] = node.inputs;
  if (scaleId === null || !storable.has(value.dtype) || Number(node.attrs["block_size"] ?? 0) !== 0) return null;
  const scaleValue = valueOf(graph, scaleId);
  const zeroValue = zeroId === null ? null : valueOf(graph, zeroId);
  if (!scaleValue.constant || (zeroValue && !zeroValue.constant) || (scaleValue.shape?.length ?? 0) > 1) return null;
  const scale = Array.from(decodeConstant(scaleValue).data, Number).map(Math.fround);
  const zeroPoint = zeroValue ? Array.from(decodeConstant(zeroValue).data, Number) : scale.map(() => 0);
  if (scale.length !== zeroPoint.length || scale.some((x) => !(x > 0) || !Number.isFinite(x))) return null;
  if (scaleValue.shape?.length !== 1 || scale.length === 1) {
    return scale.length === 1 ? { kind: "affine", scale, zeroPoint, axis: null } : null;
  }
  const rank = value.shape?.length;
  const axis = Number(node.attrs["axis"] ?? 1);
  if (axis < 0 && rank === undefined) return null;
  return { kind: "affine", scale, zeroPoint, axis: axis < 0 ? axis + (rank ?? 0) : axis };
}

function withFact({ value, quant, atBorder }: { readonly value: Value; readonly quant: Quant; readonly atBorder: boolean }): Value {
  if (value.dtype !== "uint8" || atBorder) return { ...value, quant };
  const shifted: Quant = { ...quant, zeroPoint: quant.zeroPoint.map((zero) => zero - 128) };
  // Flipping the top bit subtracts 128 and reads the byte as signed.
  const constant = value.constant && { bytes: value.constant.bytes.map((byte) => byte ^ 0x80) };
  return { ...value, dtype: "int8", quant: shifted, constant };
}
