import type { Candidate, TaskContract } from "@edgewise/planner/schema";
import type { Port } from "../ports.ts";
import { modelType } from "./model.ts";
import { swiftDouble, swiftString } from "./names.ts";

export interface BenchmarkFacts {
  readonly candidate: Candidate;
  readonly contract: TaskContract;
  readonly input: Port;
  /** The file that stands for the model in results, by its path in the bundle. */
  readonly model: { readonly file: string; readonly sha256: string };
  readonly hasGolden: boolean;
  /** Multiply-accumulates of each operation, by the name of its first result in the program. */
  readonly macs: readonly (readonly [result: string, macs: number])[];
}

/** Benchmark.swift: self-test, timing and actual placement, as the JSON that \`plan measure --import\` reads. */
export function benchmarkSource(module: string, facts: BenchmarkFacts): string {
  const { candidate, contract, input, model } = facts;
  const type = modelType(contract);
  const picture = contract.input.kind === "image";
  const zeros = picture
    ? "Pixels(data: [UInt8](repeating: 0, count: modelHeight * modelWidth * channels), width: modelWidth, height: modelHeight)"
    : `[Float](repeating: 0, count: ${input.elements})`;
  const fields = (given: Readonly<Record<string, string>>): string => Object.entries(given).map(([name, value]) => `      (${swiftString(name)}, ${value}),`).join("\n");
  const text = (value: string): string => swiftString(JSON.stringify(value));
  return `import Foundation
import ${module}

/// Folder of the golden vectors in this module's resources; nil where the bundle has none.
public let goldenFolder: URL? = ${facts.hasGolden ? "Bundle.module.url(forResource: \"golden\", withExtension: nil)" : "nil"}

#if canImport(CoreML)
import CoreML

/// Runs the golden vectors, times the model on this device and asks Core ML where each operation runs.
public struct Benchmark: Sendable {
  /// At least this long and this often; the sustained part shows a device that gets warm.
  public var burstSeconds = 2.0
  public var burstRuns = 100
  public var sustainedSeconds = 61.0
  public var computeUnits = ${type}.plannedComputeUnits

  public init() {}

  /// One JSON object for \`plan measure --import\`.
  public func run() async throws -> String {
    let compiled = try await ${type}.compile()
    let model = try ${type}(compiledModel: compiled, computeUnits: computeUnits)
    let test: SelfTest? = if let goldenFolder { try await SelfTest.run(golden: goldenFolder, model: { try await model.run($0) }) } else { nil }
    let burst = try await timing(model, warmUpRuns: 5, seconds: burstSeconds, runs: burstRuns)
    let sustained = try await timing(model, warmUpRuns: 0, seconds: sustainedSeconds, runs: 1)
    let placement = await placementRecord(compiled)
    return object([
${fields({ version: "\"1\"", target: text(candidate.target), candidate: text(candidate.id) })}
      ("device", object([("id", ${text(candidate.device)}), ("reported", quoted(machine()))])),
      ("os", object([("name", quoted(systemName)), ("version", quoted(systemVersion()))])),
      ("runtime", object([("id", ${text(candidate.runtime)}), ("version", ${text(candidate.runtimeVersion)})])),
      ("backend", object([("asked", ${text(candidate.backend)}), ("ran", quoted(unitsName(computeUnits)))])),
      ("fallbacks", "[]"),
      ("threads", "null"),
      ("model", object([("file", ${text(model.file)}), ("sha256", ${text(model.sha256)}), ("precision", ${text(candidate.precision)})])),
      ("selfTest", object([("vectors", "\\(test?.vectors ?? 0)"), ("passed", "\\(test?.passed ?? 0)"), ("worstOfAllowed", number(test?.worstOfAllowed.map { Double($0) }))])),
      ("placement", placement ?? "null"),
      ("burst", burst),
      ("sustained", sustained),
      ("memoryHighWaterBytes", highWaterBytes().map { String($0) } ?? "null"),
      ("energyJoulesPerInference", "null"),
    ])
  }

  /// Wall time of calls one after the other: at least so long, and so often.
  private func timing(_ model: ${type}, warmUpRuns: Int, seconds: Double, runs: Int) async throws -> String {
    let input = ${zeros}
    for _ in 0..<warmUpRuns { _ = try await model.run(input) }
    var times: [Double] = []
    let clock = ContinuousClock()
    let start = clock.now
    var end = start
    while times.count < runs || start.duration(to: end) < .seconds(seconds) {
      let before = clock.now
      _ = try await model.run(input)
      end = clock.now
      times.append(milliseconds(before.duration(to: end)))
    }
    let sorted = times.sorted()
    func at(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.down)))] }
    return object([
      ("warmUpRuns", "\\(warmUpRuns)"), ("runs", "\\(times.count)"), ("durationMs", "\\(milliseconds(start.duration(to: end)))"),
      ("p50Ms", "\\(at(0.5))"), ("p95Ms", "\\(at(0.95))"),
    ])
  }

  private func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
  }

  /// Where Core ML runs one operation: "npu", "gpu", "cpu"; nil where it does not say.
  public struct Place: Sendable, Equatable {
    public let operation: String
    public let result: String
    public let unit: String?
  }

  /// The actual placement of each operation on this device. Nothing is run for it.
  @available(iOS 17.4, macOS 14.4, *)
  public func placement(_ compiled: URL) async throws -> [Place] {
    let configuration = MLModelConfiguration()
    configuration.computeUnits = computeUnits
    let plan = try await MLComputePlan.load(contentsOf: compiled, configuration: configuration)
    guard case .program(let program) = plan.modelStructure, let main = program.functions["main"] else { return [] }
    return main.block.operations.compactMap { operation in
      guard let result = operation.outputs.first?.name else { return nil }
      return Place(operation: operation.operatorName, result: result, unit: plan.deviceUsage(for: operation).map { kind($0.preferred) })
    }
  }

  /// Of the operations that Core ML places at all, those off the CPU; nil where it does not say.
  private func placementRecord(_ compiled: URL) async -> String? {
    guard #available(iOS 17.4, macOS 14.4, *), let places = try? await placement(compiled) else { return nil }
    let known = places.compactMap { place in place.unit.map { (unit: $0, macs: multiplyAccumulates[place.result] ?? 0) } }
    guard !known.isEmpty else { return nil }
    let taken = known.filter { $0.unit != "cpu" }
    let total = multiplyAccumulates.values.reduce(0, +)
    let counted = known.reduce(0) { $0 + $1.macs }
    let share: Double? = total > 0 && counted == total ? taken.reduce(0) { $0 + $1.macs } / total : nil
    return object([
      ("fullyDelegated", "\\(taken.count == known.count && (share ?? 1) == 1)"), ("layers", "\\(known.count)"), ("delegatedLayers", "\\(taken.count)"),
      ("delegatedMacsFraction", number(share)),
    ])
  }

  @available(iOS 17.0, macOS 14.0, *)
  private func kind(_ device: MLComputeDevice) -> String {
    switch device {
    case .cpu: "cpu"
    case .gpu: "gpu"
    case .neuralEngine: "npu"
    @unknown default: "unknown"
    }
  }

  private func unitsName(_ units: MLComputeUnits) -> String {
    switch units {
    case .cpuOnly: "cpu"
    case .cpuAndGPU: "cpu-gpu"
    case .cpuAndNeuralEngine: "cpu-ane"
    case .all: "all"
    @unknown default: "unknown"
    }
  }

  /// "iPhone15,4", or "arm64" on a Mac.
  private func machine() -> String {
    var names = utsname()
    uname(&names)
    return withUnsafeBytes(of: &names.machine) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private var systemName: String {
    #if os(iOS)
    "iOS"
    #else
    "macOS"
    #endif
  }

  private func systemVersion() -> String {
    let version = ProcessInfo.processInfo.operatingSystemVersion
    return "\\(version.majorVersion).\\(version.minorVersion).\\(version.patchVersion)"
  }

  /// Largest resident size of the whole process, bytes.
  private func highWaterBytes() -> Int? {
    let ownProcess: Int32 = 0  // RUSAGE_SELF
    var usage = rusage()
    return getrusage(ownProcess, &usage) == 0 ? Int(usage.ru_maxrss) : nil
  }

  private func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\\(quoted($0.0)): \\($0.1)" }.joined(separator: ", ") + "}"
  }

  private func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return "\\(value)"
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\"": "\\\\\\""
      case "\\\\": "\\\\\\\\"
      case _ where scalar.value < 0x20: " "
      default: String(scalar)
      }
    }
    return "\\"\\(escaped.joined())\\""
  }
}

/// Of each operation that multiplies, by the name of its result in the program.
let multiplyAccumulates: [String: Double] = [${facts.macs.length === 0 ? ":" : `\n${facts.macs.map(([result, count]) => `  ${swiftString(result)}: ${swiftDouble(count)},`).join("\n")}\n`}]
#endif
`;
}

/** Sources/benchmark/main.swift. */
export function benchmarkMainSource(modules: { readonly model: string; readonly benchmark: string }, type: string): string {
  return `// Prints one JSON object for \`plan measure --import\`. Usage: swift run -c release benchmark [--placement]
import Foundation
import ${modules.benchmark}
import ${modules.model}

#if canImport(CoreML)
let benchmark = Benchmark()
if CommandLine.arguments.contains("--placement"), #available(iOS 17.4, macOS 14.4, *) {
  for place in try await benchmark.placement(${type}.compile()) { print("\\(place.unit ?? "not stated")\\t\\(place.operation)\\t\\(place.result)") }
} else {
  print(try await benchmark.run())
}
#else
FileHandle.standardError.write(Data("Core ML is not on this system; nothing was measured.\\n".utf8))
exit(1)
#endif
`;
}

/** App/BenchmarkApp.swift: the same on an iPhone, as the one file of an iOS app that uses the package. */
export function benchmarkAppSource(module: string): string {
  return `// The one source file of an iOS app: File > New > Project > App in Xcode, add this package, and replace the app's sources by this file.
import SwiftUI
import ${module}

@main
struct BenchmarkApp: App {
  var body: some Scene {
    WindowGroup { BenchmarkView() }
  }
}

struct BenchmarkView: View {
  @State private var text = "Not run yet."
  @State private var running = false

  var body: some View {
    NavigationStack {
      ScrollView { Text(text).font(.system(.footnote, design: .monospaced)).textSelection(.enabled).padding() }
        .navigationTitle("${module}")
        .toolbar {
          Button(running ? "Running" : "Run") { Task { await measure() } }.disabled(running)
          ShareLink(item: text)
        }
    }
  }

  private func measure() async {
    running = true
    defer { running = false }
    do {
      text = try await Benchmark().run()
    } catch {
      text = "\\(error)"
    }
  }
}
`;
}
