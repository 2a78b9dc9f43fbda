import type { OpDef } from "../op.ts";
import { globalPool } from "./global-pool.ts";
import { globalMaxPoolInt8 } from "./pool.int8.ts";

/**
 * Largest number of each channel's plane.
 *
 *   y[n, c] = max x[n, c, …]; NaN wins
 *
 * X [N, C, spatial…] float → Y [N, C, 1…]. Errors: OP_SHAPE below two dims.
 * Source: onnx.ai/onnx/operators/onnx__GlobalMaxPool.html
 */
export const globalMaxPool: OpDef = globalPool({
  name: "GlobalMaxPool",
  summary: "largest number of each channel",
  spec: "https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html",
  plane(x, start, end) {
    let max = -Infinity;
    for (let i = start; i < end; i++) max = Math.max(max, x[i] as number);
    return max;
  },
  evaluateInt8: globalMaxPoolInt8,
});
