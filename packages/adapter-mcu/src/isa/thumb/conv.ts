import type { Layer } from "../../program.ts";
import { type Gathering, gatheredOverlapBytes } from "../gathered-overlap.ts";
import { layerNumbers, numberOf } from "../layer-numbers.ts";
import type { Numbers } from "../specialize.ts";
import { GROUP_TAPS, GROUP_WORDS, laneStream } from "./lane-stream.ts";
import { fitsHalves } from "./requantize.ts";

/** Pixels that the kernel gathers at a time. */
const BLOCK_PIXELS = 2;

/** A convolution, dilated along the height at most, two pixels by two channels at a time. */
export function thumbConv(layer: Layer, numbers: Numbers): Layer | null {
  if (numberOf(layer, "weight_zero") !== 0) return null;
  const of = (name: string): number => numberOf(layer, name);
  const geometry = {
    in_height: of("in_height"), in_width: of("in_width"), out_height: of("out_height"), out_width: of("out_width"), kernel_height: of("kernel_height"), kernel_width: of("kernel_width"),
    stride_height: of("stride_height"), stride_width: of("stride_width"), pad_top: of("pad_top"), pad_left: of("pad_left"),
    dilation_height: of("dilation_height"), in_channels: of("in_channels"), out_channels: of("out_channels"),
  };
  return lanesLayer({ layer, numbers, geometry, inZero: of("in_zero") });
}

/** Dense rows are the pixels of a picture of height 1, through a window of one pixel. */
export function thumbPointwise(layer: Layer, numbers: Numbers): Layer | null {
  const rows = numberOf(layer, "rows");
  const geometry = {
    in_height: 1, in_width: rows, out_height: 1, out_width: rows, kernel_height: 1, kernel_width: 1, stride_height: 1, stride_width: 1, pad_top: 0, pad_left: 0,
    dilation_height: 1, in_channels: numberOf(layer, "in_channels"), out_channels: numberOf(layer, "out_channels"),
  };
  return lanesLayer({ layer, numbers, geometry, inZero: 0 });
}

interface Parts {
  readonly layer: Layer;
  readonly numbers: Numbers;
  readonly geometry: Gathering;
  readonly inZero: number;
}

function lanesLayer({ layer, numbers, geometry, inZero }: Parts): Layer | null {
  const { weights, bias, channels } = layerNumbers(layer);
  if (Object.values(geometry).some((value) => value > 32767) || (numbers === "final" && !channels.every(fitsHalves))) return null;
  const stream = laneStream({ weights, bias, channels, reserve: numbers === "provisional" });
  const rowTaps = geometry.kernel_width * geometry.in_channels;
  const taps = geometry.kernel_height * rowTaps;
  const groups = Math.ceil(taps / GROUP_TAPS);
  // A single row may be read beyond its end: what weighs nothing adds nothing.
  const rowGroups = rowTaps % GROUP_TAPS === 0 || geometry.kernel_height === 1 ? Math.ceil(rowTaps / GROUP_TAPS) : 0;
  const name = `stream_${layer.arrays[0]?.name.split("_").at(-1) ?? ""}`;
  return {
    ...layer, kernel: "conv_thumb",
    parameters: {
      ...geometry, stream: { array: name }, groups, row_groups: rowGroups, in_zero: inZero,
      out_zero: numberOf(layer, "out_zero"), clamp_min: numberOf(layer, "clamp_min"), clamp_max: numberOf(layer, "clamp_max"),
    },
    arrays: [{
      name, type: "int32_t", use: "weights", data: stream,
      comment: `[${Math.ceil(bias.length / 2)} pairs of channels][weights [${geometry.kernel_height}][${geometry.kernel_width}][${geometry.in_channels}], requantization]`,
    }],
    // With placeholders the portable kernel's: final numbers may turn out to need that one.
    overlapBytes: numbers === "final" ? [gatheredOverlapBytes(geometry, BLOCK_PIXELS)] : layer.overlapBytes,
    scratchBytes: 4 * GROUP_WORDS * groups + BLOCK_PIXELS * GROUP_TAPS * linesOf({ geometry, numbers, groups, rowGroups }),
  };
}

/** Groups of a pixel's taps that are copied before they are packed. Placeholders may lose channels, and whole groups with them. */
function linesOf({ geometry, numbers, groups, rowGroups }: Pick<Parts, "geometry" | "numbers"> & { readonly groups: number; readonly rowGroups: number }): number {
  if (rowGroups === 0 || (numbers === "provisional" && geometry.kernel_height > 1)) return groups;
  return staysInside(geometry) ? 0 : rowGroups;
}

/** Whether no window reaches beyond the picture. */
function staysInside(g: Gathering): boolean {
  const last = (out: number, stride: number, reach: number): number => (out - 1) * stride + reach;
  return g.pad_top === 0 && g.pad_left === 0 && last(g.out_height, g.stride_height, (g.kernel_height - 1) * g.dilation_height) < g.in_height
    && last(g.out_width, g.stride_width, g.kernel_width - 1) < g.in_width;
}
