import type { ImageInput } from "@edgewise/planner/schema";
import type { PictureShape } from "./facts.ts";

type Filter = Exclude<ImageInput["resize"]["filter"], "none">;
type Fit = ImageInput["resize"]["fit"];

/** Resize.kt: pixels of any size → the model's, by the contract's one filter and one fit, in whole numbers. No Android import. */
export function resizeSource(name: string, { contract: { resize: { filter, fit, pad } }, heightPx, widthPx }: PictureShape): string {
  const head = `package ${name}

/** The size that the model sees. */
internal const val MODEL_WIDTH: Int = ${widthPx}
internal const val MODEL_HEIGHT: Int = ${heightPx}
`;
  if (filter === "none") return `${head}${sameSize}`;
  const parts = [fittedFunction(fit, pad), ...(fit === "stretch" ? [] : [scaledSizeFunction(fit)]), windowClass, resampled, tapsFunction(filter)];
  return `${head}\n${parts.join("\n")}`;
}

const sameSize = `
/**
 * The contract resizes nothing: a picture has the model's size.
 *
 * @throws ModelException.PictureSize when it has another.
 */
internal fun Pixels.fitted(): ByteArray {
    if (width != MODEL_WIDTH || height != MODEL_HEIGHT) {
        throw ModelException.PictureSize(MODEL_WIDTH, MODEL_HEIGHT, width, height)
    }
    return data
}
`;

const fits: Readonly<Record<Fit, { readonly words: string; readonly body: string }>> = {
  stretch: {
    words: "Both sides become the model's.",
    body: `    return resampled(Window(MODEL_WIDTH, MODEL_HEIGHT, left = 0, top = 0, MODEL_WIDTH, MODEL_HEIGHT))`,
  },
  cover: {
    words: "The least size that covers the model's with the ratio kept; its middle.",
    body: `    val (scaledWidth, scaledHeight) = scaledSize()
    val left = (scaledWidth - MODEL_WIDTH) / 2
    val top = (scaledHeight - MODEL_HEIGHT) / 2
    return resampled(Window(scaledWidth, scaledHeight, left, top, MODEL_WIDTH, MODEL_HEIGHT))`,
  },
  contain: {
    words: "The largest size inside the model's with the ratio kept, centred.",
    body: `    val (innerWidth, innerHeight) = scaledSize()
    val inner = resampled(Window(innerWidth, innerHeight, left = 0, top = 0, innerWidth, innerHeight))
    val left = (MODEL_WIDTH - innerWidth) / 2
    val top = (MODEL_HEIGHT - innerHeight) / 2
    val framed = ByteArray(MODEL_WIDTH * MODEL_HEIGHT * CHANNELS) { PAD.toByte() }
    val rowLength = innerWidth * CHANNELS
    for (y in 0 until innerHeight) {
        inner.copyInto(framed, ((top + y) * MODEL_WIDTH + left) * CHANNELS, y * rowLength, (y + 1) * rowLength)
    }
    return framed`,
  },
};

function fittedFunction(fit: Fit, pad: number): string {
  const { words, body } = fits[fit];
  const constant = fit === "contain" ? `/** Pixel value outside of the picture. */\nprivate const val PAD: Int = ${Math.min(255, Math.max(0, Math.round(pad)))}\n\n` : "";
  return `${constant}/** ${words} */
internal fun Pixels.fitted(): ByteArray {
    if (width == MODEL_WIDTH && height == MODEL_HEIGHT) return data
${body}
}
`;
}

function scaledSizeFunction(fit: "cover" | "contain"): string {
  const [operator, words] = fit === "cover" ? [">", "The picture is wider than the model's size"] : ["<=", "The picture is at most as wide as the model's size"];
  return `/** Width and height: one side is the model's, the other keeps the ratio, rounded half up, at least one pixel. */
private fun Pixels.scaledSize(): Pair<Int, Int> {
    // ${words}: the height decides.
    val byHeight = width.toLong() * MODEL_HEIGHT ${operator} height.toLong() * MODEL_WIDTH
    return if (byHeight) {
        Pair(ratio(width.toLong() * MODEL_HEIGHT, height.toLong()), MODEL_HEIGHT)
    } else {
        Pair(MODEL_WIDTH, ratio(height.toLong() * MODEL_WIDTH, width.toLong()))
    }
}

private fun ratio(a: Long, b: Long): Int = maxOf(1L, (2 * a + b) / (2 * b)).toInt()
`;
}

const windowClass = `/** Size of the whole resized picture, and the part of it that is computed. */
private class Window(
    val scaledWidth: Int,
    val scaledHeight: Int,
    val left: Int,
    val top: Int,
    val width: Int,
    val height: Int,
)

/** Shares of the source pixels [first], [first] + 1, ... in one target pixel; whole numbers, the same sum for each. */
private class Taps(val first: Int, val weights: LongArray)
`;

const resampled = `/** The weighted mean over both axes at once, rounded half up once at the end. */
private fun Pixels.resampled(window: Window): ByteArray {
    val rows = Array(window.height) { y -> taps(height, window.scaledHeight, window.top + y) }
    val columns = Array(window.width) { x -> taps(width, window.scaledWidth, window.left + x) }
    val total = rows[0].weights.sum() * columns[0].weights.sum()
    val rowLength = window.width * CHANNELS
    val sums = LongArray(rowLength)
    val result = ByteArray(window.height * rowLength)
    for (y in rows.indices) {
        sums.fill(0)
        rows[y].weights.forEachIndexed { i, weight -> addRow(sums, rows[y].first + i, weight, columns) }
        for (x in 0 until rowLength) result[y * rowLength + x] = ((2 * sums[x] + total) / (2 * total)).toByte()
    }
    return result
}

/** sums += weight * (row y resampled along x). */
private fun Pixels.addRow(sums: LongArray, y: Int, weight: Long, columns: Array<Taps>) {
    val start = y * width * CHANNELS
    for (x in columns.indices) {
        val column = columns[x]
        for (c in 0 until CHANNELS) {
            var sum = 0L
            for (i in column.weights.indices) {
                sum += column.weights[i] * (data[start + (column.first + i) * CHANNELS + c].toInt() and 0xFF)
            }
            sums[x * CHANNELS + c] += weight * sum
        }
    }
}
`;

const tapsFunctions: Readonly<Record<Filter, string>> = {
  area: `/** Exact coverage of source pixels, in units of 1/[size]. */
private fun taps(source: Int, size: Int, index: Int): Taps {
    val start = index.toLong() * source
    val end = start + source
    val first = start / size
    val last = (end - 1) / size
    val weights = LongArray((last - first + 1).toInt()) { i ->
        val pixel = first + i
        minOf(end, (pixel + 1) * size) - maxOf(start, pixel * size)
    }
    return Taps(first.toInt(), weights)
}
`,
  bilinear: `/** Linear between half-pixel centres, held at the edges, without antialiasing; in units of 1/(2 * [size]). */
private fun taps(source: Int, size: Int, index: Int): Taps {
    val unit = 2L * size
    val position = (2L * index + 1) * source - size
    val left = position.floorDiv(unit)
    val rest = position - left * unit
    return when {
        left < 0 -> Taps(0, longArrayOf(unit))
        left >= source - 1 -> Taps(source - 1, longArrayOf(unit))
        rest == 0L -> Taps(left.toInt(), longArrayOf(unit))
        else -> Taps(left.toInt(), longArrayOf(unit - rest, rest))
    }
}
`,
  nearest: `/** The source pixel under the centre of the target pixel. */
private fun taps(source: Int, size: Int, index: Int): Taps =
    Taps(((2L * index + 1) * source / (2L * size)).toInt(), longArrayOf(1))
`,
};

function tapsFunction(filter: Filter): string {
  return tapsFunctions[filter];
}
