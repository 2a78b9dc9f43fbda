import type { OpDef } from "../op.ts";
import { allocate } from "../tensor.ts";
import { OpError } from "../op.ts";

/**
 * Rectified linear unit.
 *
 *   y = max(x, 0), element-wise
 *
 * x [any] → y same shape and dtype. Errors: missing input. Source: onnx.ai/onnx/operators/onnx__Relu.html
 */
export const relu: OpDef = {
  name: "Relu",
  summary: "y = max(x, 0)",
  spec: "https://onnx.ai/onnx/operators/onnx__Relu.html",
  inputs: ["X"],
  infer([x]) {
    if (!x) throw new OpError("OP_INPUT", "input X is missing");
    return [{ dtype: x.dtype, shape: x.shape, elements: null }];
  },
  work(_inputs, [y]) {
    return { macs: 0, elementOps: y?.shape?.reduce<number>((n, dim) => n * (typeof dim === "number" ? dim : 1), 1) ?? 0 };
  },
  evaluate([x]) {
    if (!x) throw new OpError("OP_INPUT", "input X is missing");
    const data = allocate(x.dtype, x.data.length);
    for (let i = 0; i < x.data.length; i++) {
      const value = x.data[i] ?? 0;
      data[i] = value > 0 ? value : typeof value === "bigint" ? 0n : 0;
    }
    return [{ dtype: x.dtype, shape: x.shape, data }];
  },
};
