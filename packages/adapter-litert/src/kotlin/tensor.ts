import type { TensorInput } from "@edgewise/planner/schema";
import type { Port } from "../ports.ts";
import { type PictureShape, type PortLayout, type Stored, graphShape, reordered, storedAs } from "./facts.ts";
import { affine, kotlinDouble, kotlinFloat, wrapped } from "./names.ts";

/** InputTensor.kt of a picture contract: 8-bit pixels → what the model's input buffer holds, by tables. No Android import. */
export function pixelTensorSource(name: string, { contract, channels, interleaved }: PictureShape, input: Port): string {
  const stored = storedAs(input);
  const one = contract.scale.length === 1 && contract.offset.length === 1;
  const entry = (c: number): string => `${stored}(256) { pixel -> ${storedReal(affine("pixel", { scale: at(contract.scale, c), offset: at(contract.offset, c) }), stored)} }`;
  const tables = one
    ? `/** What the 256 pixel values become. */\nprivate val table = ${entry(0)}`
    : `/** What the 256 pixel values of each channel become. */\nprivate val tables = arrayOf(\n${Array.from({ length: channels }, (_, c) => `    ${entry(c)},`).join("\n")}\n)`;
  const value = (c: string): string => `${one ? "table" : `tables[${c}]`}[data[i].toInt() and 0xFF]`;
  const sideBySide = interleaved || channels === 1;
  const body = sideBySide
    ? `    val tensor = ${stored}(data.size)\n    for (i in data.indices) tensor[i] = ${value("i % CHANNELS")}\n    return tensor`
    : `    val plane = data.size / CHANNELS
    val tensor = ${stored}(data.size)
    for (i in data.indices) {
        val channel = i % CHANNELS
        tensor[channel * plane + i / CHANNELS] = ${value("channel")}
    }
    return tensor`;
  return `${heading(name, { quantized: stored === "ByteArray" })}
/** Numbers that the model takes: [${input.shape.join(", ")}]. */
public const val INPUT_SIZE: Int = ${input.elements}

/**
 * A picture as the model takes it, [${input.shape.join(", ")}]: cropped, in its colours, in its size, ${stored === "ByteArray" ? "scaled and quantized" : "scaled"}.
 *
 * @throws ModelException.PictureSize when the model's contract does not take pictures of this size.
 */
public fun inputTensor(picture: Picture): ${stored} = scaled(picture.toPixels().fitted())

${tables}

private fun scaled(data: ByteArray): ${stored} {
${body}
}
${stored === "ByteArray" ? `\n${quantizedFunction(input)}` : ""}`;
}

/** InputTensor.kt of a contract of numbers: value · scale + offset, in the file's order. No Android import. */
export function valueTensorSource(name: string, { contract, input, layout }: { readonly contract: TensorInput; readonly input: Port; readonly layout: PortLayout }): string {
  const stored = storedAs(input);
  const perChannel = contract.scale.length > 1 || contract.offset.length > 1;
  const shape = graphShape(input, layout);
  const channels = shape[1] ?? 1;
  const block = Math.max(1, input.elements / channels);
  const list = (numbers: readonly number[]): string => `doubleArrayOf(\n${wrapped(Array.from({ length: channels }, (_, c) => kotlinDouble(at(numbers, c))), { indent: "    ", perLine: 8 })}\n)`;
  const constants = perChannel ? `private val SCALE = ${list(contract.scale)}\n\nprivate val OFFSET = ${list(contract.offset)}\n\n` : "";
  const real = perChannel ? `value * SCALE[i / ${block}] + OFFSET[i / ${block}]` : affine("value", { scale: at(contract.scale, 0), offset: at(contract.offset, 0) });
  const order = reordered(input, layout);
  const target = order === null ? "i" : `i % ${order.plane} * ${order.channels} + i / ${order.plane}`;
  return `${heading(name, { quantized: stored === "ByteArray" })}
/** Numbers that the model takes. */
public const val INPUT_SIZE: Int = ${input.elements}

${constants}/**
 * Numbers as the contract has them, [${shape.join(", ")}], as the model takes them${order === null ? "" : `, [${input.shape.join(", ")}]`}.
 *
 * @throws ModelException.ValueCount when there are not [INPUT_SIZE] of them.
 * @throws ModelException.ValueNotFinite when one is no finite number.
 */
public fun inputTensor(values: DoubleArray): ${stored} {
    if (values.size != INPUT_SIZE) throw ModelException.ValueCount(INPUT_SIZE, values.size)
    val tensor = ${stored}(INPUT_SIZE)
    for (i in values.indices) {
        val value = values[i]
        if (!value.isFinite()) throw ModelException.ValueNotFinite(i)
        tensor[${target}] = ${storedReal(real, stored)}
    }
    return tensor
}
${stored === "ByteArray" ? `\n${quantizedFunction(input)}` : ""}`;
}

/** OutputTensor.kt: what the model's output buffer holds → numbers, and those in the graph's order. No Android import. */
export function outputTensorSource(name: string, { output, layout }: { readonly output: Port; readonly layout: PortLayout }): string {
  const stored = storedAs(output);
  const constants = output.quant === null ? "" : `
/** real = scale * (stored - zero point). */
private const val OUTPUT_SCALE: Float = ${kotlinFloat(output.quant.scale)}
private const val OUTPUT_ZERO_POINT: Int = ${output.quant.zeroPoint}
`;
  return `package ${name}

/** Numbers that the model gives: [${output.shape.join(", ")}]. */
public const val OUTPUT_SIZE: Int = ${output.elements}
${constants}
/**
 * What the model's output buffer holds, as numbers.
 *
 * @throws ModelException.OutputCount when the model gave another number of them.
 */
internal fun outputNumbers(stored: ${stored}): FloatArray {
    if (stored.size != OUTPUT_SIZE) throw ModelException.OutputCount(OUTPUT_SIZE, stored.size)
    return ${stored === "FloatArray" ? "stored" : "FloatArray(OUTPUT_SIZE) { i -> OUTPUT_SCALE * (stored[i] - OUTPUT_ZERO_POINT) }"}
}
${orderFunction(output, layout)}`;
}

function orderFunction(output: Port, layout: PortLayout): string {
  const order = reordered(output, layout);
  if (order === null) return "";
  return `
/** [${output.shape.join(", ")}] with its channels first: [${graphShape(output, layout).join(", ")}]. */
internal fun channelsFirst(output: FloatArray): FloatArray = FloatArray(OUTPUT_SIZE) { i ->
    output[i % ${order.plane} * ${order.channels} + i / ${order.plane}]
}
`;
}

function heading(name: string, { quantized }: { readonly quantized: boolean }): string {
  return `package ${name}\n${quantized ? "\nimport kotlin.math.abs\nimport kotlin.math.floor\n" : ""}`;
}

function storedReal(real: string, stored: Stored): string {
  return stored === "FloatArray" ? `(${real}).toFloat()` : `quantized((${real}).toFloat())`;
}

function quantizedFunction({ quant }: Port): string {
  const { scale, zeroPoint } = quant ?? { scale: 1, zeroPoint: 0 };
  return `/** The model's input scale: real = scale * (stored - zero point). */
private const val INPUT_SCALE: Float = ${kotlinFloat(scale)}
private const val INPUT_ZERO_POINT: Int = ${zeroPoint}

/** real / scale in 32 bits, rounded half away from zero, moved by the zero point, kept within int8. */
private fun quantized(real: Float): Byte {
    val steps = (real / INPUT_SCALE).toDouble()
    val rounded = if (steps < 0) -floor(abs(steps) + 0.5) else floor(steps + 0.5)
    return (rounded + INPUT_ZERO_POINT).coerceIn(-128.0, 127.0).toInt().toByte()
}
`;
}

function at(numbers: readonly number[], channel: number): number {
  return numbers[numbers.length === 1 ? 0 : channel] ?? 0;
}
