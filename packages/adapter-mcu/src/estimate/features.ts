import type { Layer, Program } from "../program.ts";

/**
 * What a kernel's loops turn over, counted from a layer's geometry alone:
 *
 *   calls         1
 *   turns         outer loop turns that do no arithmetic: rows of a copy, pixels of a window, matrix rows
 *   inputs        elements of the activations that are read
 *   outputs       results written
 *   exact         results written through the costlier epilogue, where the kernel has two
 *   kernelRows    outputs · rows of the kernel's window
 *   patchRows     turns · rows of the kernel's window
 *   taps          multiply-accumulates, or elements that a pool or a mean adds up
 *   borderTaps    those taps of pixels whose window leaves the picture
 *   patch         elements gathered for a pixel's window, over all pixels, rounded up to whole words where they are packed
 *   borderTurns, borderPatch   turns and patch of pixels whose window leaves the picture
 *   blockOutputs  outputs, rounded up to blocks of three pixels by two channels
 *   blockTaps     taps of blockOutputs, rounded up to the words in which weights are packed
 *
 * Each grows with the layer and none is negative. Instructions are a sum of them, see `instructionsOf`.
 */
export const featureNames = ["calls", "turns", "inputs", "outputs", "exact", "kernelRows", "patchRows", "taps", "borderTaps", "patch", "borderTurns", "borderPatch", "blockOutputs", "blockTaps"] as const;
export type Feature = (typeof featureNames)[number];
export type Features = Readonly<Record<Feature, number>>;

/** Pixels by channels of a block of the faster kernels. */
const BLOCK_PIXELS = 3;
const BLOCK_CHANNELS = 2;

/** Features of a layer of `program`. */
export function featuresOf(layer: Layer, program: Program): Features {
  const bytesOf = (id: string): number => program.activations.find((activation) => activation.id === id)?.bytes ?? 0;
  const outputBytes = bytesOf(layer.output);
  const turns = pixelsOf(layer);
  const outputs = outputsOf(layer, { pixels: turns, outputBytes });
  const channels = turns === 0 ? 0 : outputs / turns;
  const taps = layer.macs > 0 ? layer.macs : elementsRead(layer, outputs);
  const blockOutputs = Math.ceil(turns / BLOCK_PIXELS) * BLOCK_PIXELS * Math.ceil(channels / BLOCK_CHANNELS) * BLOCK_CHANNELS;
  const tapsOfOne = outputs === 0 ? 0 : Math.max(taps / outputs, 2 * number(layer, "pair_words", 0));
  const border = borderShare(layer);
  const patch = turns * tapsOfOne;
  return {
    calls: 1, turns, inputs: layer.inputs.reduce((sum, id) => sum + bytesOf(id), 0), outputs,
    exact: number(layer, "exact", 0) > 0 || number(layer, "kind", 0) % 2 === 1 ? outputs : 0,
    kernelRows: outputs * number(layer, "kernel_height", 0),
    patchRows: turns * number(layer, "kernel_height", 0),
    taps, borderTaps: taps * border,
    patch, borderTurns: turns * border, borderPatch: patch * border,
    blockOutputs, blockTaps: blockOutputs * tapsOfOne,
  };
}

/** Positions at which a kernel starts anew: pixels, rows, or the runs of a copy. */
function pixelsOf(layer: Layer): number {
  if ("out_height" in layer.parameters) return number(layer, "out_height", 1) * number(layer, "out_width", 1);
  if ("n_d" in layer.parameters) return number(layer, "n_a", 1) * number(layer, "n_b", 1) * number(layer, "n_c", 1);
  return number(layer, "rows", number(layer, "outer", "out_channels" in layer.parameters ? 1 : 0));
}

function outputsOf(layer: Layer, { pixels, outputBytes }: { readonly pixels: number; readonly outputBytes: number }): number {
  const ownChannels = ["out_channels", "channels", "classes", "n_d", "inner"].find((name) => name in layer.parameters);
  if (ownChannels !== undefined) return pixels * number(layer, ownChannels, 1);
  if ("in_channels" in layer.parameters) return pixels * number(layer, "in_channels", 1) * number(layer, "multiple", 1);
  return number(layer, "count", outputBytes);
}

/** What is added up without a multiplication. */
function elementsRead(layer: Layer, outputs: number): number {
  if ("kernel_height" in layer.parameters) return outputs * number(layer, "kernel_height", 1) * number(layer, "kernel_width", 1);
  return "inner" in layer.parameters ? outputs * number(layer, "count", 1) : 0;
}

/** Share of the pixels whose window leaves the picture. */
function borderShare(layer: Layer): number {
  const inside = (axis: "height" | "width", before: "top" | "left"): number => {
    const count = number(layer, `out_${axis}`, 1);
    const reach = (number(layer, `kernel_${axis}`, 1) - 1) * number(layer, `dilation_${axis}`, 1);
    const starts = Array.from({ length: count }, (_, i) => i * number(layer, `stride_${axis}`, 1) - number(layer, `pad_${before}`, 0));
    return starts.filter((start) => start >= 0 && start + reach < number(layer, `in_${axis}`, 1)).length / count;
  };
  return "pad_top" in layer.parameters ? 1 - inside("height", "top") * inside("width", "left") : 0;
}

function number(layer: Layer, name: string, otherwise: number): number {
  const value = layer.parameters[name];
  return typeof value === "number" ? value : otherwise;
}
