import type { TaskContract } from "@edgewise/planner/schema";
import { modelType } from "./model.ts";

/** SelfTest.swift: every golden vector; preprocessing and answers everywhere, the model where there is one. */
export function selfTestSource(module: string, contract: TaskContract): string {
  const labelled = contract.output.kind === "labels";
  const fed = contract.input.kind === "image" ? "Pixels" : "[Float]";
  return `import Foundation
import ${module}

/// What the golden vectors proved.
public struct SelfTest: Sendable {
  public let vectors: Int
  public let passed: Int
  /// Largest difference of an output as a share of what is allowed; nil when no output was compared, or one could not be.
  public let worstOfAllowed: Float?
  /// One line for each vector.
  public let lines: [String]

  /// Runs the vectors of the folder \`golden\`; without a model, preprocessing${labelled ? " and answers" : ""} alone.
  public static func run(golden: URL, model: (@Sendable (${fed}) async throws -> [Float])?) async throws -> SelfTest {
    var lines: [String] = []
    var passed = 0
    var shares: [Float?] = []
    let vectors = try goldenVectors(in: golden)
    for vector in vectors {
      let input = try vector.input(in: golden)
      var isRight = vector.isReferenceInput(input)
      var words = ["input \\(isRight ? "equal" : "DIFFERENT")"]
${labelled ? `      if !vector.isReferenceAnswer {
        isRight = false
        words.append("answer of the reference's output DIFFERENT")
      }
` : ""}      if let model {
        let output = try await model(input)
        let share = vector.worstOfAllowed(output)
        shares.append(share)
        isRight = isRight && (share ?? .infinity) <= 1${labelled ? " && vector.isSameAnswer(output)" : ""}
        words.append("largest difference \\(share.map { "\\($0) of what is allowed" } ?? "unknown")")
${labelled ? `        words.append("answer \\(answers(of: output).first?.label ?? "none") (reference \\(vector.answer?.first?.label ?? "none"))")
` : ""}      } else {
        words.append("model not run")
      }
      if isRight { passed += 1 }
      lines.append("\\(isRight ? "PASS" : "FAIL") \\(vector.name): \\(words.joined(separator: ", "))")
    }
    let known = shares.compactMap { $0 }
    return SelfTest(vectors: vectors.count, passed: passed, worstOfAllowed: known.count == shares.count ? known.max() : nil, lines: lines)
  }

  /// There are vectors, and all pass.
  public var isPassed: Bool { vectors > 0 && passed == vectors }
}
`;
}

/** Sources/selftest/main.swift. */
export function selfTestMainSource(modules: { readonly model: string; readonly benchmark: string }, contract: TaskContract): string {
  const labelled = contract.output.kind === "labels";
  return `// Runs the golden vectors: raw input, what the model is fed, output${labelled ? ", answer" : ""}. Usage: swift run selftest [--without-model] [folder of the vectors]
import Foundation
import ${modules.benchmark}
import ${modules.model}

let arguments = CommandLine.arguments.dropFirst()
let withoutModel = arguments.contains("--without-model")
let golden = arguments.first { !$0.hasPrefix("--") }.map { URL(fileURLWithPath: $0) } ?? goldenFolder

#if !canImport(CoreML)
if !withoutModel {
  print("Core ML is not on this system: run with --without-model to check preprocessing${labelled ? " and answers" : ""} alone.")
  exit(1)
}
#endif

do {
  guard let golden else { throw GoldenError.record("golden") }
  let test: SelfTest
  #if canImport(CoreML)
  if withoutModel {
    test = try await SelfTest.run(golden: golden, model: nil)
  } else {
    let model = try await ${modelType(contract)}()
    test = try await SelfTest.run(golden: golden, model: { try await model.run($0) })
  }
  #else
  test = try await SelfTest.run(golden: golden, model: nil)
  #endif
  for line in test.lines { print(line) }
  print("\\(test.isPassed ? "PASS" : "FAIL"): \\(test.passed) of \\(test.vectors) vectors\\(withoutModel ? ", model not run" : "")")
  exit(test.isPassed ? 0 : 1)
} catch {
  print("FAIL: \\(error)")
  exit(1)
}
`;
}
