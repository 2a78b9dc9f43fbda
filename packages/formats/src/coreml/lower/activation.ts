import type { MilNumbers } from "../mil.ts";
import { type Lowering, type Use, between, give, inputType, inputValue, operand, real, realAttr } from "./use.ts";
import { realTensor } from "./constant.ts";
import { addLimits } from "./clamp.ts";
import { numbers } from "../literal.ts";

export const lowerLeakyRelu: Lowering = (use) => give(use, "leaky_relu", { x: operand(use, 0), alpha: real(use, realAttr(use, "alpha", 0.01)) });

export const lowerElu: Lowering = (use) => give(use, "elu", { x: operand(use, 0), alpha: real(use, realAttr(use, "alpha", 1)) });

export const lowerHardSigmoid: Lowering = (use) =>
  give(use, "sigmoid_hard", { x: operand(use, 0), alpha: real(use, realAttr(use, "alpha", 0.2)), beta: real(use, realAttr(use, "beta", 0.5)) });

/** HardSwish → x · sigmoid_hard(x), with the slope 1/6 and the offset 1/2. */
export const lowerHardSwish: Lowering = (use) => {
  const x = operand(use, 0);
  const gate = between(use, "sigmoid_hard", { inputs: { x, alpha: real(use, 1 / 6), beta: real(use, 0.5) } });
  give(use, "mul", { x, y: gate });
};

/** Clip with constant limits → relu, relu6, clip, minimum or maximum; with computed ones → minimum and maximum. */
export const lowerClip: Lowering = (use) => {
  const [low, high] = [limitOf(use, 1), limitOf(use, 2)];
  if (low !== undefined && high !== undefined) {
    addLimits(use.draft, { min: low, max: high }, { from: operand(use, 0), to: use.outputs[0] ?? "", type: inputType(use, 0) });
    return;
  }
  const raised = inputValue(use, 1) === null ? operand(use, 0) : between(use, "maximum", { inputs: { x: operand(use, 0), y: operand(use, 1) } });
  if (inputValue(use, 2) === null) give(use, "identity", { x: raised });
  else give(use, "minimum", { x: raised, y: operand(use, 2) });
};

/** A limit: a number, null where there is none, undefined where it is computed. */
function limitOf(use: Use, position: number): number | null | undefined {
  const value = inputValue(use, position);
  if (value === null) return null;
  if (value.constant === null) return undefined;
  const limit = Number(realTensor(value).data[0]);
  return Number.isFinite(limit) ? limit : null;
}

/**
 * PRelu → prelu, for one constant slope a channel; else max(x, 0) + slope · min(x, 0).
 *
 *   prelu: x [N, C, …], alpha [C]
 */
export const lowerPRelu: Lowering = (use) => {
  const x = operand(use, 0);
  const alpha = channelSlopes(use);
  if (alpha !== null) {
    give(use, "prelu", { x, alpha });
    return;
  }
  const above = between(use, "relu", { inputs: { x } });
  const below = between(use, "minimum", { inputs: { x, y: real(use, 0) } });
  const sloped = between(use, "mul", { inputs: { x: below, y: operand(use, 1) } });
  give(use, "add", { x: above, y: sloped });
};

function channelSlopes(use: Use): MilNumbers | null {
  const slope = inputValue(use, 1);
  const x = inputType(use, 0);
  const channels = x.shape[1] ?? null;
  if (slope === null || slope.constant === null || channels === null || x.shape.length < 3) return null;
  const tensor = realTensor(slope);
  const aligned = [...x.shape.map(() => 1).slice(tensor.shape.length), ...tensor.shape];
  if (!aligned.every((dim, axis) => dim === 1 || axis === 1)) return null;
  return numbers(x.dtype, [channels], Array.from({ length: channels }, (_, channel) => Number(tensor.data[tensor.data.length === 1 ? 0 : channel])));
}
