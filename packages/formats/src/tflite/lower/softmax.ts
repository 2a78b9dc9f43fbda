import { type Site, operator } from "./emission.ts";
import { operandAt, resultAt } from "./ports.ts";

/** Softmax along the last axis of the layout, which is the node's. Source: TFLite kernels/activations.cc. */
export function lowerSoftmax(site: Site): void {
  const x = operandAt(site, 0);
  operator(site, "SOFTMAX", { inputs: [x.tensor], outputs: [resultAt(site).tensor], options: { beta: 1 } });
}

/** LogSoftmax along the last axis. Source: TFLite kernels/activations.cc. */
export function lowerLogSoftmax(site: Site): void {
  const x = operandAt(site, 0);
  operator(site, "LOG_SOFTMAX", { inputs: [x.tensor], outputs: [resultAt(site).tensor] });
}
