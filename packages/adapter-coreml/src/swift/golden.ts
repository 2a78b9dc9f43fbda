import type { TaskContract } from "@edgewise/planner/schema";

/** Golden.swift: one vector, and what it proves. */
export function goldenSource(module: string, { input, output }: TaskContract): string {
  const picture = input.kind === "image";
  return `import Foundation
import ${module}

/// One vector of golden/: a raw input, what the model is fed, and the reference's output.
public struct GoldenVector: Decodable, Sendable {
  public struct Start: Decodable, Sendable {
    public let kind: String
    public let file: String
    public let type: String?
    public let widthPx: Int?
    public let heightPx: Int?
  }

  public struct Ranked: Decodable, Sendable {
    public let index: Int
    public let label: String
    public let score: Double
  }

  public let name: String
  public let start: Start
  /// FNV-1a, 64 bits, of the bytes that the model is fed, as 16 hexadecimal digits.
  public let inputFnv1a: String
  public let output: [Float]
  /// By how much each output may differ.
  public let allowed: [Float]
  public let answer: [Ranked]?
}

public enum GoldenError: Error, Equatable, Sendable {
  /// A file of golden/ is missing or not what its record says.
  case record(String)
}

/// The vectors of the folder golden/, by name.
public func goldenVectors(in golden: URL) throws -> [GoldenVector] {
  let files = try FileManager.default.contentsOfDirectory(at: golden, includingPropertiesForKeys: nil)
  return try files.filter { $0.pathExtension == "json" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
    .map { try JSONDecoder().decode(GoldenVector.self, from: Data(contentsOf: $0)) }
}

extension GoldenVector {
  /// What the model is fed, by the library's own preprocessing. \`golden\` is the folder of the vectors.
  public func input(in golden: URL) throws -> ${picture ? "Pixels" : "[Float]"} {
    let bytes = [UInt8](try Data(contentsOf: golden.appendingPathComponent(start.file)))
    switch start.kind {
${picture ? pictureCases : valuesCases}    default:
      throw GoldenError.record(start.file)
    }
  }
${picture ? `
  private func size() throws -> (width: Int, height: Int) {
    guard let width = start.widthPx, let height = start.heightPx else { throw GoldenError.record(start.file) }
    return (width, height)
  }
` : ""}
  /// Byte for byte what the reference feeds its model.
  public func isReferenceInput(_ input: ${picture ? "Pixels" : "[Float]"}) -> Bool {
    ${picture ? "fnv1a(input.data)" : "fnv1a(input.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } })"} == inputFnv1a
  }

  /// Largest difference from the reference as a share of what is allowed; nil when another number of outputs came, or one is not a number.
  public func worstOfAllowed(_ found: [Float]) -> Float? {
    guard found.count == output.count, allowed.count == output.count, !found.contains(where: \\.isNaN) else { return nil }
    let shares = zip(zip(found, output), allowed).map { pair, allowed in
      pair.0 == pair.1 ? 0 : abs(pair.0 - pair.1) / allowed
    }
    return shares.max() ?? 0
  }
${output.kind === "labels" ? answerChecks(output.labelOffset) : ""}}

${picture ? "" : numbersFunction}/// Source: datatracker.ietf.org/doc/html/draft-eastlake-fnv
func fnv1a(_ bytes: [UInt8]) -> String {
  let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, byte in (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
`;
}

const pictureCases = `    case "rgba":
      let (width, height) = try size()
      return try Picture(rgba: bytes, width: width, height: height).input()
    case "pixels":
      let (width, height) = try size()
      return Pixels(data: bytes, width: width, height: height)
`;

const valuesCases = `    case "values":
      return try inputTensor(of: start.type == "float64"
        ? numbers(of: UInt64.self, in: bytes).map { Double(bitPattern: $0) }
        : numbers(of: UInt32.self, in: bytes).map { Double(Float(bitPattern: $0)) })
`;

const numbersFunction = `/// Little-endian numbers of a fixed width.
func numbers<Number: FixedWidthInteger>(of type: Number.Type, in bytes: [UInt8]) -> [Number] {
  let width = MemoryLayout<Number>.size
  return (0..<(bytes.count / width)).map { index in
    (0..<width).reduce(Number.zero) { number, byte in
      number | (Number(truncatingIfNeeded: bytes[index * width + byte]) << Number(truncatingIfNeeded: 8 * byte))
    }
  }
}

`;

function answerChecks(labelOffset: number): string {
  return `
  /// The reference's answer, or a class that trails its best by less than what the two outputs may differ.
  public func isSameAnswer(_ found: [Float]) -> Bool {
    guard let best = answer?.first, let given = answers(of: found).first, found.count == output.count else { return false }
    if given.index == best.index { return true }
    let (a, b) = (best.index + ${labelOffset}, given.index + ${labelOffset})
    return output[a] - output[b] <= allowed[a] + allowed[b]
  }

  /// The library's own answer from the reference's output: labels, order and confidences.
  public var isReferenceAnswer: Bool {
    guard let answer else { return false }
    let found = answers(of: output)
    return found.count == answer.count && zip(found, answer).allSatisfy { found, expected in
      found.index == expected.index && found.label == expected.label && abs(found.confidence - expected.score) <= 1e-9 * max(1, abs(expected.score))
    }
  }
`;
}
