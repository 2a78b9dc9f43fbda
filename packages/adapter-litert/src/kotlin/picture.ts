import type { ImageInput } from "@edgewise/planner/schema";
import type { PictureShape } from "./facts.ts";

/** Picture.kt: pixels as decoders give them → the contract's colours, cropped. No Android import. */
export function pictureSource(name: string, { contract, channels }: PictureShape): string {
  return `package ${name}

/**
 * A picture as Android's decoders give it: one 0xAARRGGBB number for each pixel, row by row from the top.
 * Alpha is ignored.
 *
 * @throws ModelException.PixelCount when there are not [width] x [height] numbers.
 */
public class Picture(public val argb: IntArray, public val width: Int, public val height: Int) {
    init {
        if (width < 1 || height < 1 || argb.size.toLong() != width.toLong() * height) {
            throw ModelException.PixelCount(width, height, argb.size)
        }
    }

    public companion object {
        /** Red, green, blue, alpha bytes of each pixel. */
        public fun ofRgba(rgba: ByteArray, width: Int, height: Int): Picture {
            if (rgba.size % 4 != 0) throw ModelException.PixelCount(width, height, rgba.size / 4)
            fun part(at: Int): Int = rgba[at].toInt() and 0xFF
            val argb = IntArray(rgba.size / 4) { i ->
                (part(4 * i + 3) shl 24) or (part(4 * i) shl 16) or (part(4 * i + 1) shl 8) or part(4 * i + 2)
            }
            return Picture(argb, width, height)
        }
    }
}

/** Numbers of each pixel that the model sees. */
internal const val CHANNELS: Int = ${channels}

/** [[height], [width], CHANNELS], 8 bits each, in the model's colours. */
internal class Pixels(val data: ByteArray, val width: Int, val height: Int)

${pixelsFunction(contract)}
`;
}

const colourLines: Readonly<Record<ImageInput["color"], readonly string[]>> = {
  rgb: ["data[to] = (color shr 16).toByte()", "data[to + 1] = (color shr 8).toByte()", "data[to + 2] = color.toByte()"],
  bgr: ["data[to] = color.toByte()", "data[to + 1] = (color shr 8).toByte()", "data[to + 2] = (color shr 16).toByte()"],
  gray: [
    "val luma = 19595 * ((color shr 16) and 0xFF) + 38470 * ((color shr 8) and 0xFF) + 7471 * (color and 0xFF)",
    "data[to] = ((luma + 32768) shr 16).toByte()",
  ],
};

const colourWords: Readonly<Record<ImageInput["color"], string>> = { rgb: "Red, green, blue", bgr: "Blue, green, red", gray: "Gray: BT.601 luma in 1/65536, rounded half up" };

function pixelsFunction({ color, resize: { crop } }: ImageInput): string {
  const assign = (indent: string): string => colourLines[color].map((line) => `${indent}${line}`).join("\n");
  if (crop === null) {
    return `/** ${colourWords[color]}. */
internal fun Picture.toPixels(): Pixels {
    val data = ByteArray(argb.size * CHANNELS)
    for (i in argb.indices) {
        val color = argb[i]
        val to = i * CHANNELS
${assign("        ")}
    }
    return Pixels(data, width, height)
}`;
  }
  return `/** The middle of the picture, in its own pixels. */
private const val CROP_WIDTH: Int = ${crop.widthPx}
private const val CROP_HEIGHT: Int = ${crop.heightPx}

/** ${colourWords[color]}; the middle alone, an odd rest left below and right. */
internal fun Picture.toPixels(): Pixels {
    if (width < CROP_WIDTH || height < CROP_HEIGHT) {
        throw ModelException.PictureSize(CROP_WIDTH, CROP_HEIGHT, width, height)
    }
    val left = (width - CROP_WIDTH) / 2
    val top = (height - CROP_HEIGHT) / 2
    val data = ByteArray(CROP_WIDTH * CROP_HEIGHT * CHANNELS)
    for (y in 0 until CROP_HEIGHT) {
        for (x in 0 until CROP_WIDTH) {
            val color = argb[(top + y) * width + left + x]
            val to = (y * CROP_WIDTH + x) * CHANNELS
${assign("            ")}
        }
    }
    return Pixels(data, CROP_WIDTH, CROP_HEIGHT)
}`;
}
