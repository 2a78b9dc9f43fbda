import type { Layer } from "../../program.ts";
import { type LayerNumbers, layerNumbers, numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { dspPointwise } from "./conv.ts";
import { type Requantization, requantizationOf } from "./requantization.ts";
import { BLOCK_TAPS, SHARED, rowStream } from "./row-stream.ts";
import { sharedAffine } from "./shared-affine.ts";

/** Below this a layer is not worth a kernel of its own. */
const LEAST_WEIGHTS = 1024;

/** A single row of some size in blocks of four channels; more rows are the pixels of a convolution. */
export function dspDense(layer: Layer, numbers: Numbers): Layer | null {
  if (numberOf(layer, "weight_zero") !== 0) return null;
  return numberOf(layer, "rows") === 1 ? rowLayer(layer, numbers) : dspPointwise(layer, numbers);
}

function rowLayer(layer: Layer, numbers: Numbers): Layer | null {
  const constants = layerNumbers(layer);
  if (constants.weights.length < LEAST_WEIGHTS) return null;
  const shared = numberOf(layer, "table_step") === 0;
  const requantization = rowRequantization(constants, shared, numbers);
  if (requantization === null) return null;
  const stream = rowStream({ ...constants, requantization, shared });
  const [inputs, outputs] = [numberOf(layer, "in_channels"), numberOf(layer, "out_channels")];
  const name = `stream_${layer.arrays[0]?.name.split("_").at(-1) ?? ""}`;
  return {
    ...layer, kernel: "dense_dsp",
    parameters: {
      stream: { array: name }, in_channels: inputs, out_channels: outputs, kind: (requantization.kind === "exact" ? 1 : 0) + (shared ? SHARED : 0),
      out_zero: numberOf(layer, "out_zero"), clamp_min: numberOf(layer, "clamp_min"), clamp_max: numberOf(layer, "clamp_max"),
    },
    arrays: [{ name, type: "int32_t", use: "weights", data: stream, comment: `runs of channels, [${Math.ceil(outputs / 4)} blocks of four][starts, weights [${inputs}], starts${shared ? "" : ", requantization"}]` }],
    // The row is widened before anything is written.
    overlapBytes: [outputs],
    scratchBytes: 2 * Math.ceil(inputs / BLOCK_TAPS) * BLOCK_TAPS,
  };
}

/** One multiplier for all channels keeps 4 bytes a channel out of flash; the affine form then has to be found with one, too. */
function rowRequantization({ channels }: LayerNumbers, shared: boolean, numbers: Numbers): Requantization | null {
  if (!shared) return requantizationOf(channels, numbers);
  const exact = requantizationOf(channels, "provisional");
  const affine = exact === null || numbers === "provisional" ? null : sharedAffine(channels);
  return affine === null ? exact : { kind: "affine", channels: affine };
}
