import { realTensor } from "./constant.ts";
import { numbers } from "../literal.ts";
import { type Lowering, give, inputValue, operand, outputType, real, realAttr, refuse, wholeAttr } from "./use.ts";

/** BatchNormalization with constant parameters → batch_norm, all [C]. Training is refused. Source: apple.github.io/coremltools, MIL ops, batch_norm */
export const lowerBatchNormalization: Lowering = (use) => {
  const parameters = [1, 2, 3, 4].map((position) => inputValue(use, position));
  if (wholeAttr(use, "training_mode", 0) === 1 || parameters.some((value) => value === null || value.constant === null)) {
    refuse(use, { summary: "Only the inference form of batch normalization is emitted", found: "training_mode 1, or computed parameters", expected: "constant parameters", fix: "Export the model for inference." });
    return;
  }
  const [gamma, beta, mean, variance] = parameters.map((value) => {
    const tensor = value === null ? null : realTensor(value);
    return numbers(outputType(use).dtype, [tensor?.data.length ?? 0], Array.from(tensor?.data ?? [], Number));
  });
  if (gamma === undefined || beta === undefined || mean === undefined || variance === undefined) return;
  give(use, "batch_norm", { x: operand(use, 0), mean, variance, gamma, beta, epsilon: real(use, realAttr(use, "epsilon", 1e-5)) });
};
