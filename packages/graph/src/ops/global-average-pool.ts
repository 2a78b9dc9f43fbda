import type { OpDef } from "../op.ts";
import { globalPool } from "./global-pool.ts";
import { globalAveragePoolInt8 } from "./mean.int8.ts";

/**
 * Mean of each channel's plane.
 *
 *   y[n, c] = Σ x[n, c, …] / elements of the plane; then the fused clamp
 *
 * X [N, C, spatial…] float → Y [N, C, 1…]. Errors: OP_SHAPE below two dims.
 * Source: onnx.ai/onnx/operators/onnx__GlobalAveragePool.html
 */
export const globalAveragePool: OpDef = globalPool({
  name: "GlobalAveragePool",
  summary: "mean of each channel",
  spec: "https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html",
  plane(x, start, end) {
    let sum = 0;
    for (let i = start; i < end; i++) sum += x[i] as number;
    return sum / (end - start);
  },
  evaluateInt8: globalAveragePoolInt8,
});
