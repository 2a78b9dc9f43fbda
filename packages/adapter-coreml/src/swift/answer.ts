import type { LabelsOutput } from "@edgewise/planner/schema";
import { swiftList, swiftString } from "./names.ts";

/** Answer.swift: the model's numbers → labels with their confidences, best first. */
export function answerSource({ labels, labelOffset, softmax, topK }: LabelsOutput): string {
  return `${softmax ? "import Foundation\n\n" : ""}/// One class of the model's answer.
public struct Answer: Sendable, Equatable {
  public let label: String
  /// Position in \`labels\`.
  public let index: Int
  /// ${softmax ? "Probability, 0 to 1." : "The model's own number for this class."}
  public let confidence: Double
}

/// Class names in the order of the model's output.
public let labels: [String] = ${swiftList(labels.map(swiftString))}

/// The ${topK} best classes, best first; of equal ones the lower index, NaN last.
public func answers(of output: [Float]) -> [Answer] {
  let ${softmax ? "raw" : "confidences"} = output.dropFirst(${labelOffset}).map(Double.init)
${softmax ? `  let most = raw.filter { !$0.isNaN }.max() ?? -Double.infinity
  let powers = raw.map { exp($0 - most) }
  let total = powers.reduce(0, +)
  let confidences = powers.map { $0 / total }
` : ""}  func rank(_ index: Int) -> Double { confidences[index].isNaN ? -Double.infinity : confidences[index] }
  let order = confidences.indices.sorted { a, b in rank(a) == rank(b) ? a < b : rank(a) > rank(b) }
  return order.prefix(${topK}).map { Answer(label: $0 < labels.count ? labels[$0] : String($0), index: $0, confidence: confidences[$0]) }
}
`;
}
