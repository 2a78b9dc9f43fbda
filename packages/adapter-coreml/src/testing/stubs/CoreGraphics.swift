// The part of Core Graphics' public interface that emitted Swift uses, declared anew for type checks. Nothing here draws.
// Source: developer.apple.com/documentation/coregraphics, read 2026-11-23.
import Foundation

public class CGImage {
  public var width: Int { 0 }
  public var height: Int { 0 }
}

public struct CFString: Sendable {}

public class CGColorSpace {
  public static let sRGB = CFString()
  public init?(name: CFString) {}
}

public enum CGImageAlphaInfo: UInt32 {
  case noneSkipLast = 5
}

public struct CGRect {
  public init(x: Int, y: Int, width: Int, height: Int) {}
}

public class CGContext {
  public init?(
    data: UnsafeMutableRawPointer?, width: Int, height: Int, bitsPerComponent: Int, bytesPerRow: Int, space: CGColorSpace, bitmapInfo: UInt32
  ) {}
  public func draw(_ image: CGImage, in rect: CGRect) {}
}
