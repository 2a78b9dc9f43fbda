import { between, int64s, node, valueOf } from "../build.ts";
import { int8Field } from "../flat.ts";
import { fullyConnectedOptions as fields } from "../schema.ts";
import { misfit } from "./conv.ts";
import { type Lift, activationOf, clampOf, given, isComputable, notComputable, refusedActivation } from "./lift.ts";
import { biasIn, weightsIn } from "./weights.ts";

/**
 * FULLY_CONNECTED: x of any shape, read as rows of K; weights [M, K], bias [M] → rows of M, in the output's shape.
 *
 * Source: TFLite kernels/fully_connected.cc.
 */
export const liftFullyConnected: Lift = (operator, maker) => {
  const x = given(operator.inputs[0], "input");
  const w = given(operator.inputs[1], "weights");
  const y = given(operator.outputs[0], "output");
  const [channels = 0, depth = 0] = w.shape;
  const elements = x.shape.reduce((product, dim) => product * dim, 1);
  if (w.shape.length !== 2 || depth < 1 || elements % depth !== 0) return misfit(x, w);
  if (!isComputable(x, y)) return notComputable;
  if (int8Field(operator.options, fields.weightsFormat) !== 0) return { why: "its weights are shuffled for one machine", expected: "the default weights format" };
  const activation = activationOf(operator.options, fields.activation);
  const clamp = clampOf(activation);
  if (clamp === null) return refusedActivation(activation);
  const weights = weightsIn(maker, w, { perm: [0, 1], scaleAxis: { file: 0, ir: 0 }, name: "weights", zeroPoints: x.quant === null ? "any" : "one" });
  if (typeof weights !== "string") return weights;
  const bias = biasIn(maker, operator.inputs[2], { x, w, channels });
  if (bias !== null && typeof bias !== "string") return bias;
  const rows = elements / depth;
  const flat = x.shape.length === 2 && x.shape[1] === depth;
  const a = flat ? valueOf(maker, x) : between(maker, `${x.id}.rows`, { ...x, shape: [rows, depth] });
  if (!flat) node(maker, "Reshape", { inputs: [valueOf(maker, x), int64s(maker, `${a}.shape`, [rows, depth])], outputs: [a] });
  const whole = y.shape.length === 2;
  const product = whole ? valueOf(maker, y) : between(maker, `${y.id}.rows`, { ...y, shape: [rows, channels] });
  node(maker, "Gemm", { inputs: [a, weights, bias], outputs: [product], attrs: { transB: 1, ...clamp } });
  if (!whole) node(maker, "Reshape", { inputs: [product, int64s(maker, `${y.id}.shape`, y.shape)], outputs: [valueOf(maker, y)] });
  return null;
};
