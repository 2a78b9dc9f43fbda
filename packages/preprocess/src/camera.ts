import type { Quant } from "@edgewise/graph";
import { storedOf } from "@edgewise/graph/ops";
import type { ImageInput } from "@edgewise/planner/schema";
import { realTable } from "./image/image-to-tensor.ts";

/**
 * How an 8-bit camera pixel enters an int8 model.
 *
 *   shift   stored = pixel + zeroPoint for all 256 values of all channels: a frame enters directly
 *   table   stored = perChannel[channel][pixel]
 */
export type CameraMapping =
  | { readonly kind: "shift"; readonly zeroPoint: number }
  | { readonly kind: "table"; readonly perChannel: readonly Int8Array[] };

/** The contract's real numbers, quantized as the graph's own input fact does. Channels in the contract's order. */
export function cameraMapping(contract: ImageInput, quant: Quant): CameraMapping {
  const channels = contract.color === "gray" ? 1 : 3;
  const perChannel = Array.from({ length: channels }, (_, c) => Int8Array.from(realTable(contract, c), (real) => storedOf(real, quant)));
  const zeroPoint = perChannel[0]?.[0] ?? 0;
  const shifted = perChannel.every((table) => table.every((stored, pixel) => stored === pixel + zeroPoint));
  return shifted ? { kind: "shift", zeroPoint } : { kind: "table", perChannel };
}
