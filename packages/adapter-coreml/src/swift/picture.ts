import type { ImageInput } from "@edgewise/planner/schema";

export interface ImageShape {
  readonly contract: ImageInput;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly channels: number;
}

/** Picture.swift: RGBA bytes → the contract's colours, cropped. Pure Swift: no framework is imported. */
export function pictureSource({ contract, channels }: ImageShape): string {
  return `/// A picture as decoders give it: red, green, blue, alpha, row by row from the top. Alpha is ignored.
public struct Picture: Sendable, Equatable {
  public let rgba: [UInt8]
  public let width: Int
  public let height: Int

  /// Throws \`ModelError.pictureBytes\` when the bytes are not four for each pixel.
  public init(rgba: [UInt8], width: Int, height: Int) throws(ModelError) {
    guard width > 0, height > 0, rgba.count == 4 * width * height else {
      throw ModelError.pictureBytes(expected: 4 * max(0, width) * max(0, height), found: rgba.count)
    }
    self.rgba = rgba
    self.width = width
    self.height = height
  }
}

/// [height, width, channels], 8 bits each, in the model's colours.
public struct Pixels: Sendable, Equatable {
  public let data: [UInt8]
  public let width: Int
  public let height: Int

  public init(data: [UInt8], width: Int, height: Int) {
    self.data = data
    self.width = width
    self.height = height
  }
}

/// Numbers of each pixel that the model sees.
public let channels = ${channels}

extension Picture {
  /// What the model sees: cropped, in its colours, in its size. Scale and offset are the model's own first operations.
  public func input() throws(ModelError) -> Pixels {
    try pixels().fitted()
  }

${pixelsFunction(contract)}
}
`;
}

const colours: Readonly<Record<ImageInput["color"], readonly string[]>> = {
  rgb: ["pixels[to] = rgba[from]", "pixels[to + 1] = rgba[from + 1]", "pixels[to + 2] = rgba[from + 2]"],
  bgr: ["pixels[to] = rgba[from + 2]", "pixels[to + 1] = rgba[from + 1]", "pixels[to + 2] = rgba[from]"],
  gray: ["pixels[to] = UInt8((19595 * Int(rgba[from]) + 38470 * Int(rgba[from + 1]) + 7471 * Int(rgba[from + 2]) + 32768) >> 16)"],
};

const colourWords: Readonly<Record<ImageInput["color"], string>> = { rgb: "Red, green, blue", bgr: "Blue, green, red", gray: "Gray: BT.601 luma in 1/65536, rounded half up" };

function pixelsFunction({ color, resize: { crop } }: ImageInput): string {
  const assign = colours[color].map((line) => `        ${line}`).join("\n");
  if (crop === null) {
    return `  /// ${colourWords[color]}.
  func pixels() throws(ModelError) -> Pixels {
    var pixels = [UInt8](repeating: 0, count: height * width * channels)
    for y in 0..<height {
      for x in 0..<width {
        let from = 4 * (y * width + x)
        let to = channels * (y * width + x)
${assign}
      }
    }
    return Pixels(data: pixels, width: width, height: height)
  }`;
  }
  return `  /// The middle ${crop.widthPx} x ${crop.heightPx} pixels. ${colourWords[color]}.
  func pixels() throws(ModelError) -> Pixels {
    let (cropHeight, cropWidth) = (${crop.heightPx}, ${crop.widthPx})
    guard width >= cropWidth, height >= cropHeight else {
      throw ModelError.pictureSize(expectedWidth: cropWidth, expectedHeight: cropHeight, width: width, height: height)
    }
    let top = (height - cropHeight) / 2
    let left = (width - cropWidth) / 2
    var pixels = [UInt8](repeating: 0, count: cropHeight * cropWidth * channels)
    for y in 0..<cropHeight {
      for x in 0..<cropWidth {
        let from = 4 * ((top + y) * width + left + x)
        let to = channels * (y * cropWidth + x)
${assign}
      }
    }
    return Pixels(data: pixels, width: cropWidth, height: cropHeight)
  }`;
}
