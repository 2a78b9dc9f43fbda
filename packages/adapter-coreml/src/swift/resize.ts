import type { ImageInput } from "@edgewise/planner/schema";
import type { ImageShape } from "./picture.ts";

type Filter = Exclude<ImageInput["resize"]["filter"], "none">;
type Fit = ImageInput["resize"]["fit"];

/** Resize.swift: pixels of any size → the model's size, by the contract's one filter and one fit; whole-number arithmetic throughout. */
export function resizeSource({ contract: { resize: { filter, fit, pad } }, heightPx, widthPx }: ImageShape): string {
  const sizes = `/// The size that the model sees, in pixels.
public let modelHeight = ${heightPx}
public let modelWidth = ${widthPx}
`;
  if (filter === "none") return `${sizes}\n${sameSize}`;
  return `${sizes}
extension Pixels {
  /// ${fitWords[fit]}
  func fitted() throws(ModelError) -> Pixels {
    if height == modelHeight && width == modelWidth { return self }
${fits[fit].replace("PAD", String(Math.min(255, Math.max(0, Math.round(pad)))))}
  }
${fit === "stretch" ? "" : `\n${scaledSize(fit)}\n`}
${resampled}
}

${tapsSource(filter)}`;
}

const sameSize = `extension Pixels {
  /// Pictures must have the model's size: the contract does not resize.
  func fitted() throws(ModelError) -> Pixels {
    guard height == modelHeight, width == modelWidth else {
      throw ModelError.pictureSize(expectedWidth: modelWidth, expectedHeight: modelHeight, width: width, height: height)
    }
    return self
  }
}
`;

const fits: Readonly<Record<Fit, string>> = {
  stretch: "    return resampled(scaledHeight: modelHeight, scaledWidth: modelWidth, top: 0, left: 0, height: modelHeight, width: modelWidth)",
  cover: `    let scaled = scaledSize()
    return resampled(
      scaledHeight: scaled.height, scaledWidth: scaled.width, top: (scaled.height - modelHeight) / 2, left: (scaled.width - modelWidth) / 2,
      height: modelHeight, width: modelWidth)`,
  contain: `    let scaled = scaledSize()
    let inner = resampled(scaledHeight: scaled.height, scaledWidth: scaled.width, top: 0, left: 0, height: scaled.height, width: scaled.width)
    var framed = [UInt8](repeating: PAD, count: modelHeight * modelWidth * channels)
    let top = (modelHeight - scaled.height) / 2
    let left = (modelWidth - scaled.width) / 2
    for y in 0..<scaled.height {
      for i in 0..<(scaled.width * channels) {
        framed[((top + y) * modelWidth + left) * channels + i] = inner.data[y * scaled.width * channels + i]
      }
    }
    return Pixels(data: framed, width: modelWidth, height: modelHeight)`,
};

const fitWords: Readonly<Record<Fit, string>> = {
  stretch: "Both sides become the model's.",
  cover: "The least size that covers the model's with the ratio kept; its middle.",
  contain: "The largest size inside the model's with the ratio kept, centred.",
};

function scaledSize(fit: "cover" | "contain"): string {
  return `  /// One side is the model's, the other keeps the ratio, rounded half up, at least one pixel.
  private func scaledSize() -> (height: Int, width: Int) {
    func ratio(_ a: Int, _ b: Int) -> Int { max(1, (2 * a + b) / (2 * b)) }
    return ${fit === "cover" ? "width * modelHeight > height * modelWidth" : "width * modelHeight <= height * modelWidth"}
      ? (modelHeight, ratio(width * modelHeight, height)) : (ratio(height * modelWidth, width), modelWidth)
  }`;
}

const resampled = `  /// A window of the whole resized picture: the weighted mean over both axes at once, rounded half up once at the end.
  private func resampled(scaledHeight: Int, scaledWidth: Int, top: Int, left: Int, height: Int, width: Int) -> Pixels {
    let rows = (0..<height).map { taps(source: self.height, size: scaledHeight, index: top + $0) }
    let columns = (0..<width).map { taps(source: self.width, size: scaledWidth, index: left + $0) }
    let total = (rows.first?.total ?? 1) * (columns.first?.total ?? 1)
    var result = [UInt8](repeating: 0, count: height * width * channels)
    var sums = [Int](repeating: 0, count: width * channels)
    for (y, row) in rows.enumerated() {
      for i in sums.indices { sums[i] = 0 }
      for (step, weight) in row.weights.enumerated() { add(row: row.first + step, weight: weight, columns: columns, to: &sums) }
      for (i, sum) in sums.enumerated() { result[y * sums.count + i] = UInt8((2 * sum + total) / (2 * total)) }
    }
    return Pixels(data: result, width: width, height: height)
  }

  /// sums += weight * (one row resampled along x).
  private func add(row: Int, weight: Int, columns: [Taps], to sums: inout [Int]) {
    let start = row * width * channels
    for (x, column) in columns.enumerated() {
      for channel in 0..<channels {
        var mean = 0
        for (step, share) in column.weights.enumerated() { mean += share * Int(data[start + (column.first + step) * channels + channel]) }
        sums[x * channels + channel] += weight * mean
      }
    }
  }`;

const tapsBodies: Readonly<Record<Filter, string>> = {
  area: `  let start = index * source
  let end = start + source
  let first = start / size
  var weights: [Int] = []
  var pixel = first
  while pixel * size < end {
    weights.append(min(end, (pixel + 1) * size) - max(start, pixel * size))
    pixel += 1
  }
  return Taps(first: first, weights: weights)`,
  bilinear: `  let unit = 2 * size
  let position = (2 * index + 1) * source - size
  if position < 0 { return Taps(first: 0, weights: [unit]) }
  let left = position / unit
  let rest = position - left * unit
  if left >= source - 1 { return Taps(first: source - 1, weights: [unit]) }
  return rest == 0 ? Taps(first: left, weights: [unit]) : Taps(first: left, weights: [unit - rest, rest])`,
  nearest: "  return Taps(first: ((2 * index + 1) * source) / (2 * size), weights: [1])",
};

const tapsWords: Readonly<Record<Filter, string>> = {
  area: "Exact coverage of source pixels, in units of 1/size.",
  bilinear: "Linear between half-pixel centres, held at the edges, without antialiasing.",
  nearest: "The source pixel under the centre of the target pixel.",
};

function tapsSource(filter: Filter): string {
  return `/// Shares of source pixels \`first\`, \`first + 1\`, … in one target pixel; whole numbers.
struct Taps {
  let first: Int
  let weights: [Int]

  var total: Int { weights.reduce(0, +) }
}

/// ${tapsWords[filter]}
func taps(source: Int, size: Int, index: Int) -> Taps {
${tapsBodies[filter]}
}
`;
}
