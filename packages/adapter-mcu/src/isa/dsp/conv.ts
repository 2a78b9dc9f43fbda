import type { Layer } from "../../program.ts";
import { layerNumbers, numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { BLOCK_PIXELS } from "./conv-kernel.ts";
import { pairStream, widenedOrder } from "./pair-stream.ts";
import { type Requantization, requantizationOf } from "./requantization.ts";

/** A convolution, dilated along the height at most, in blocks of three pixels by two channels. */
export function dspConv(layer: Layer, numbers: Numbers): Layer | null {
  if (numberOf(layer, "weight_zero") !== 0) return null;
  const geometry = Object.fromEntries([
    "in_height", "in_width", "out_height", "out_width", "kernel_height", "kernel_width", "stride_height", "stride_width", "pad_top", "pad_left", "dilation_height", "in_channels", "out_channels",
  ].map((name) => [name, numberOf(layer, name)] as const));
  return convLayer({ layer, numbers, geometry, inZero: numberOf(layer, "in_zero") });
}

/** Dense rows are the pixels of a picture of height 1, through a window of one pixel. A single row has a kernel of its own. */
export function dspPointwise(layer: Layer, numbers: Numbers): Layer | null {
  const rows = numberOf(layer, "rows");
  if (rows < BLOCK_PIXELS) return null;
  const geometry = {
    in_height: 1, in_width: rows, out_height: 1, out_width: rows, kernel_height: 1, kernel_width: 1, stride_height: 1, stride_width: 1, pad_top: 0, pad_left: 0,
    dilation_height: 1, in_channels: numberOf(layer, "in_channels"), out_channels: numberOf(layer, "out_channels"),
  };
  // A block is read before it is written: the output may start where the input starts.
  const overlapBytes = [rows * Math.min(geometry.in_channels, geometry.out_channels)];
  return convLayer({ layer: { ...layer, overlapBytes }, numbers, geometry, inZero: 0 });
}

interface Parts {
  readonly layer: Layer;
  readonly numbers: Numbers;
  readonly geometry: Readonly<Record<string, number>>;
  readonly inZero: number;
}

function convLayer({ layer, numbers, geometry, inZero }: Parts): Layer | null {
  const { kernel_height: rows = 0, kernel_width: width = 0, in_channels: inChannels = 0, out_channels: outChannels = 0, out_height: height = 0, out_width: columns = 0 } = geometry;
  if (Object.values(geometry).some((value) => value > 32767)) return null;
  const constants = layerNumbers(layer);
  const requantization = requantizationOf(constants.channels, numbers);
  if (requantization === null) return null;
  const order = widenedOrder(rows, width * inChannels);
  const stream = pairStream({ ...constants, order, requantization });
  const name = `stream_${layer.arrays[0]?.name.split("_").at(-1) ?? ""}`;
  const pixels = height * columns;
  return {
    ...layer, kernel: "conv_dsp",
    parameters: {
      ...geometry, stream: { array: name }, pair_words: order.length / 2, row_words: order.length / 4 / rows, exact: exactness(requantization.kind, layer),
      in_zero: inZero, out_zero: numberOf(layer, "out_zero"), clamp_min: numberOf(layer, "clamp_min"), clamp_max: numberOf(layer, "clamp_max"),
    },
    arrays: [{ name, type: "int32_t", use: "weights", data: stream, comment: `runs of channels, [${Math.ceil(outChannels / 2)} pairs][start, weights [${rows}][${width}][${inChannels}], requantization]` }],
    scratchBytes: 2 * BLOCK_PIXELS * order.length + (pixels % BLOCK_PIXELS === 0 ? 0 : BLOCK_PIXELS * outChannels),
  };
}

/** Which epilogue the kernel runs: see its field `exact`. */
function exactness(kind: Requantization["kind"], layer: Layer): number {
  if (kind === "affine") return 0;
  return numberOf(layer, "clamp_min") > -128 || numberOf(layer, "clamp_max") < 127 ? 2 : 1;
}
