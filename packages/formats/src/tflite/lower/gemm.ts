import { type Value, elementCount } from "@edgewise/graph";
import { decodeConstant, encodeTensor } from "@edgewise/graph/ops";
import { clamped, clampedAfter } from "./clamp.ts";
import { biasOf, noBias } from "./bias.ts";
import { denseWeights, orderedBias } from "./dense-order.ts";
import { type Site, float32, int32s, newTensor, operator, tensorAt } from "./emission.ts";
import { asIs } from "./layout/form.ts";
import { between, dimsOf, isQuantized, numberAttr, operandAt, realWeights, resultAt, valueAt } from "./ports.ts";
import { refuse } from "./refusal.ts";

/**
 * Gemm: Y = alpha · A' · B' + beta · C.
 *
 *   constant B: FULLY_CONNECTED with weights [N, K], alpha in them; the columns of A and Y lie in the layout's order, and the
 *   weights' rows and columns follow · computed B: BATCH_MATMUL
 *   a constant C of one number a column is the bias, beta in it; any other is added
 *
 * Source: TFLite kernels/{fully_connected,batch_matmul}.cc.
 */
export function lowerGemm(site: Site): void {
  const b = valueAt(site, 1);
  if (b === null) return refuse({ why: "its second operand is missing" });
  const rows = leftOf(site);
  if (b.constant) return dense(site, rows, b);
  const [alpha, beta] = [numberAttr(site, "alpha", 1), numberAttr(site, "beta", 1)];
  const y = resultAt(site);
  const c = valueAt(site, 2);
  const plain = alpha === 1 && c === null;
  clampedAfter(site, y.tensor, (into) => {
    const product = plain ? into : between(site, y.tensor);
    operator(site, "BATCH_MATMUL", { inputs: [rows, operandAt(site, 1).tensor], outputs: [product], options: { adj_y: site.node.attrs["transB"] === 1 ? 1 : 0 } });
    if (!plain) finish(site, { product, into, alpha, beta });
  });
}

/** alpha · product + beta · C. */
function finish(site: Site, { product, into, alpha, beta }: { readonly product: number; readonly into: number; readonly alpha: number; readonly beta: number }): void {
  if (isQuantized(site)) return refuse({ why: "an int8 product has neither factors nor an addend that varies by row", fix: "Keep this layer in float32." });
  const c = valueAt(site, 2);
  const times = (from: number, factor: number, to: number): void => operator(site, "MUL", { inputs: [from, float32(site, "factor", factor)], outputs: [to], options: { fused_activation_function: "NONE" } });
  const scaled = alpha === 1 ? product : c === null ? into : between(site, into);
  if (alpha !== 1) times(product, alpha, scaled);
  if (c === null) return;
  const addend = operandAt(site, 2).tensor;
  const scaledAddend = beta === 1 ? addend : between(site, addend);
  if (beta !== 1) times(addend, beta, scaledAddend);
  operator(site, "ADD", { inputs: [scaled, scaledAddend], outputs: [into], options: { fused_activation_function: "NONE" } });
}

/** A as [M, K]. */
function leftOf(site: Site): number {
  const a = operandAt(site, 0);
  if (site.node.attrs["transA"] !== 1) return a.tensor;
  const { type, shape, quant } = tensorAt(site, a.tensor);
  const turned = newTensor(site.emission, `${a.value.id}.transposed`, { type, shape: shape.toReversed(), quant });
  operator(site, "TRANSPOSE", { inputs: [a.tensor, int32s(site, "perm", [1, 0])], outputs: [turned] });
  return turned;
}

function dense(site: Site, rows: number, b: Value): void {
  const [k = 1, n = 1] = site.node.attrs["transB"] === 1 ? dimsOf(b).toReversed() : dimsOf(b);
  const alpha = numberAttr(site, "alpha", 1);
  const beta = numberAttr(site, "beta", 1);
  if ((alpha !== 1 || beta !== 1) && isQuantized(site)) return refuse({ why: "an int8 product has no factors", found: `alpha ${alpha}, beta ${beta}`, expected: "1" });
  const a = operandAt(site, 0);
  const y = resultAt(site);
  const weights = realWeights(site, denseWeights(site, b, { k, n, depth: site.node.attrs["transA"] === 1 ? asIs([1, k]) : a.form, columns: y.form }));
  const product = alpha === 1 ? weights : scaledConstant(site, weights, alpha);
  const c = valueAt(site, 2);
  const asBias = c === null || (c.constant !== null && elementCount(dimsOf(c)) === n && (dimsOf(c).at(-1) ?? 1) === n);
  const one = c !== null && c.constant !== null && elementCount(dimsOf(c)) === 1 && n !== 1 && !isQuantized(site);
  if (asBias || one) {
    const bias = one ? repeatedBias(site, n) : biasOf(site, { position: 2, count: n });
    const ordered = orderedBias(site, beta === 1 || c === null ? bias : scaledConstant(site, bias, beta), y.form);
    clamped(site, y.tensor, (into, activation) => fullyConnected(site, { inputs: [rows, product, ordered], into, activation }));
    return;
  }
  clampedAfter(site, y.tensor, (into) => {
    const sums = between(site, y.tensor);
    const zeros = noBias(site, n);
    fullyConnected(site, { inputs: [rows, product, zeros], into: sums, activation: "NONE" });
    finish(site, { product: sums, into, alpha: 1, beta });
  });
}

export interface Dense {
  readonly inputs: readonly number[];
  readonly into: number;
  readonly activation: string;
  readonly keepDims?: boolean;
}

export function fullyConnected(site: Site, { inputs, into, activation, keepDims = false }: Dense): void {
  operator(site, "FULLY_CONNECTED", { inputs, outputs: [into], options: { fused_activation_function: activation, ...(keepDims ? { keep_num_dims: 1 } : {}) } });
}

function repeatedBias(site: Site, count: number): number {
  const c = valueAt(site, 2);
  const one = c?.constant ? Number(decodeConstant(c).data[0] ?? 0) : 0;
  return newTensor(site.emission, `${c?.id ?? "bias"}.repeated`, { type: "FLOAT32", shape: [count], quant: null, data: new Uint8Array(Float32Array.from({ length: count }, () => one).buffer) });
}

/** A float constant times a number. Integer weights that are dequantized first have no such form. */
function scaledConstant(site: Site, tensor: number, factor: number): number {
  const { name, type, shape, data } = tensorAt(site, tensor);
  if (data === null || type !== "FLOAT32") return refuse({ why: "its factors do not go into its weights", found: `${factor}`, expected: "1" });
  const numbers = new Float32Array(Uint8Array.from(data).buffer);
  return newTensor(site.emission, `${name}.scaled`, { type, shape, quant: null, data: encodeTensor({ dtype: "float32", shape, data: numbers.map((number) => number * factor) }) });
}
