import type { ImageShape } from "./picture.ts";

/** PixelBuffer.swift: pixels in the form in which Core ML takes pictures. */
export function pixelBufferSource({ contract: { color }, channels }: ImageShape): string {
  const format = channels === 1 ? "kCVPixelFormatType_OneComponent8" : "kCVPixelFormatType_32BGRA";
  const [blue, red] = color === "bgr" ? [0, 2] : [2, 0];
  const row = channels === 1
    ? "      for x in 0..<width { line[x] = data[y * width + x] }"
    : `      for x in 0..<width {
        let from = 3 * (y * width + x)
        line[4 * x] = data[from + ${blue}]
        line[4 * x + 1] = data[from + 1]
        line[4 * x + 2] = data[from + ${red}]
        line[4 * x + 3] = 255
      }`;
  return `#if canImport(CoreVideo)
import CoreVideo

extension Pixels {
  /// A pixel buffer with the same numbers, ${channels === 1 ? "one byte each" : "blue, green, red, alpha"}.
  func buffer() throws(ModelError) -> CVPixelBuffer {
    var made: CVPixelBuffer?
    guard CVPixelBufferCreate(kCFAllocatorDefault, width, height, ${format}, nil, &made) == kCVReturnSuccess, let buffer = made else {
      throw ModelError.pictureNotDrawn
    }
    CVPixelBufferLockBaseAddress(buffer, [])
    defer { CVPixelBufferUnlockBaseAddress(buffer, []) }
    guard let base = CVPixelBufferGetBaseAddress(buffer) else { throw ModelError.pictureNotDrawn }
    let rowBytes = CVPixelBufferGetBytesPerRow(buffer)
    for y in 0..<height {
      let line = base.advanced(by: y * rowBytes).assumingMemoryBound(to: UInt8.self)
${row}
    }
    return buffer
  }
}
#endif
`;
}
