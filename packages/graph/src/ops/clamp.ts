import type { Attrs } from "../graph.ts";
import type { TensorData } from "../tensor.ts";
import { realAttr } from "./attribute.ts";
import { isBig } from "./operand.ts";

/**
 * The fused activation of a node, in place.
 *
 *   y = min(max(y, clampMin), clampMax); either bound may be absent
 *
 * Real-valued bounds, also where numbers are stored integers. NaN stays NaN. Source: adr/0001.
 */
export function clampInPlace(data: TensorData, attrs: Attrs): void {
  if (attrs["clampMin"] === undefined && attrs["clampMax"] === undefined) return;
  const low = realAttr(attrs, "clampMin", -Infinity);
  const high = realAttr(attrs, "clampMax", Infinity);
  if (isBig(data)) {
    for (let i = 0; i < data.length; i++) {
      const y = data[i] as bigint;
      if (y < low) data[i] = BigInt(Math.ceil(low));
      else if (y > high) data[i] = BigInt(Math.floor(high));
    }
    return;
  }
  const whole = !(data instanceof Float32Array || data instanceof Float64Array);
  const least = whole ? Math.ceil(low) : low;
  const most = whole ? Math.floor(high) : high;
  for (let i = 0; i < data.length; i++) {
    const y = data[i] as number;
    if (y < low) data[i] = least;
    else if (y > high) data[i] = most;
  }
}
