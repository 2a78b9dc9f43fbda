import type { Layer } from "../../program.ts";
import { layerNumbers, numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { thumbPointwise } from "./conv.ts";
import { packs } from "./requantize.ts";
import { BLOCK_CHANNELS, BLOCK_TAPS, rowStream } from "./row-stream.ts";

/** Below this a layer is not worth a kernel of its own beside that of convolutions. */
const LEAST_WEIGHTS = 1024;
/** Part of the stored weights that may be filling. */
const MOST_FILLING = 1 / 4;

/** A single row of some size in blocks of eight channels; other products are convolutions of one tap. */
export function thumbDense(layer: Layer, numbers: Numbers): Layer | null {
  if (numberOf(layer, "weight_zero") !== 0) return null;
  return numberOf(layer, "rows") === 1 ? (rowLayer(layer, numbers) ?? thumbPointwise(layer, numbers)) : thumbPointwise(layer, numbers);
}

function rowLayer(layer: Layer, numbers: Numbers): Layer | null {
  const { weights, bias, channels } = layerNumbers(layer);
  const packed = channels.map((channel, o) => ({ bias: bias[o] ?? 0, channel }));
  const [inputs, outputs] = [numberOf(layer, "in_channels"), numberOf(layer, "out_channels")];
  const stored = Math.ceil(inputs / BLOCK_TAPS) * BLOCK_TAPS * Math.ceil(outputs / BLOCK_CHANNELS) * BLOCK_CHANNELS;
  if (inputs > 32767 || weights.length < LEAST_WEIGHTS || stored - weights.length > MOST_FILLING * stored || (numbers === "final" && !packed.every(packs))) return null;
  const name = `stream_${layer.arrays[0]?.name.split("_").at(-1) ?? ""}`;
  return {
    ...layer, kernel: "dense_thumb",
    parameters: {
      stream: { array: name }, in_channels: inputs, out_channels: outputs,
      out_zero: numberOf(layer, "out_zero"), clamp_min: numberOf(layer, "clamp_min"), clamp_max: numberOf(layer, "clamp_max"),
    },
    arrays: [{ name, type: "int32_t", use: "weights", data: rowStream(weights, packed), comment: `[${Math.ceil(outputs / BLOCK_CHANNELS)} blocks of eight channels][weights [${inputs}][8], requantization]` }],
  };
}
