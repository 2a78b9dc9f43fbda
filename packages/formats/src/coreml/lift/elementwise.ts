import type { OpName } from "@edgewise/graph";
import { type Lift, type LiftUse, addNumbers, addWholes, boolOf, dtypeOf, given, node, numberOf, numbersOf, rankOf, result } from "./lift.ts";

export function liftBinary(op: OpName): Lift {
  return { inputs: ["x", "y"], lift: (use) => [node(use, { op, inputs: [given(use, "x"), given(use, "y")] })] };
}

export function liftUnary(op: OpName): Lift {
  return { inputs: ["x"], lift: (use) => [node(use, { op, inputs: [given(use, "x")] })] };
}

/** Parameters that are attributes of the same name in the IR. */
export function liftScaled(op: OpName, parameters: readonly string[]): Lift {
  return {
    inputs: ["x", ...parameters],
    lift: (use) => [node(use, { op, inputs: [given(use, "x")], attrs: Object.fromEntries(parameters.map((name) => [name, numberOf(use, name, 0)])) })],
  };
}

/** x minus its own logarithm of the sum of exponentials is LogSoftmax; other differences are Sub. */
export const liftSub: Lift = {
  inputs: ["x", "y"],
  lift(use) {
    const [x, y] = [given(use, "x"), given(use, "y")];
    const producer = use.context.producer(y);
    const axis = producer?.type === "reduce_log_sum_exp" && String(producer.inputs["x"]?.[0]) === x ? sumAxis({ ...use, operation: producer }) : null;
    return [axis === null ? node(use, { op: "Sub", inputs: [x, y] }) : node(use, { op: "LogSoftmax", inputs: [x], attrs: { axis } })];
  },
};

/** The vocabulary has no logarithm: log Σ e^x = any element of x − LogSoftmax(x). */
export const liftLogSumExp: Lift = {
  inputs: ["x", "axes", "keep_dims?"],
  lift(use) {
    const axis = sumAxis(use);
    if (axis === null) return { refused: "it is not along one axis that stays as 1" };
    const { context, operation } = use;
    const x = given(use, "x");
    const [log, sum] = [context.fresh(`${operation.name}_log_softmax`), context.fresh(`${operation.name}_repeated`)];
    return [
      node(use, { op: "LogSoftmax", inputs: [x], output: log, attrs: { axis } }),
      node(use, { op: "Sub", inputs: [x, log], output: sum }),
      node(use, { op: "Slice", inputs: [sum, addWholes(use, "starts", [0]), addWholes(use, "ends", [1]), addWholes(use, "axes", [axis])] }),
    ];
  },
};

/** The one axis of a sum that keeps its dims; null for another sum. */
function sumAxis(use: LiftUse): number | null {
  const axes = numbersOf(use, "axes") ?? [];
  const [axis = 0] = axes;
  const rank = rankOf(use, result(use));
  return axes.length === 1 && boolOf(use, "keep_dims", false) ? (axis < 0 ? axis + rank : axis) : null;
}

export const liftRelu6: Lift = { inputs: ["x"], lift: (use) => [limited(use, 0, 6)] };

export const liftClip: Lift = { inputs: ["x", "alpha", "beta"], lift: (use) => [limited(use, numberOf(use, "alpha", -Infinity), numberOf(use, "beta", Infinity))] };

function limited(use: LiftUse, low: number, high: number): ReturnType<typeof node> {
  const x = given(use, "x");
  const dtype = dtypeOf(use, x);
  const limit = (wish: string, value: number): string => addNumbers(use, wish, { dtype, shape: [], numbers: [value] });
  return node(use, { op: "Clip", inputs: [x, limit("min", low), limit("max", high)] });
}

/** prelu → PRelu; alpha [C] becomes [C, 1, …]. */
export const liftPRelu: Lift = {
  inputs: ["x", "alpha"],
  lift(use) {
    const x = given(use, "x");
    const alpha = numbersOf(use, "alpha");
    if (alpha === null) return { refused: "its slope is computed" };
    const shape = [alpha.length, ...Array.from({ length: Math.max(0, rankOf(use, x) - 2) }, () => 1)];
    const dtype = dtypeOf(use, x);
    return [node(use, { op: "PRelu", inputs: [x, addNumbers(use, "slope", { dtype, shape, numbers: alpha })] })];
  },
};

export const liftSoftmax: Lift = { inputs: ["x", "axis?"], lift: (use) => [node(use, { op: "Softmax", inputs: [given(use, "x")], attrs: { axis: numberOf(use, "axis", -1) } })] };

/** batch_norm → BatchNormalization; gamma 1 and beta 0 where they are left out. */
export const liftBatchNorm: Lift = {
  inputs: ["x", "mean", "variance", "gamma?", "beta?", "epsilon?"],
  lift(use) {
    const { context } = use;
    const channels = numbersOf(use, "mean")?.length ?? 0;
    const dtype = dtypeOf(use, given(use, "x"));
    const filled = (wish: string, value: number): string => addNumbers(use, wish, { dtype, shape: [channels], numbers: Array.from({ length: channels }, () => value) });
    const [scale, offset] = [context.value("gamma") ?? filled("gamma", 1), context.value("beta") ?? filled("beta", 0)];
    return [node(use, { op: "BatchNormalization", inputs: [given(use, "x"), scale, offset, given(use, "mean"), given(use, "variance")], attrs: { epsilon: numberOf(use, "epsilon", 1e-5) } })];
  },
};
