import type { LabelsOutput } from "@edgewise/planner/schema";
import { type ModulePart, parameters } from "./parts.ts";

/** The field that an answer's number has: a probability where softmax made it one. */
export function scoreName({ softmax }: Pick<LabelsOutput, "softmax">): "probability" | "score" {
  return softmax ? "probability" : "score";
}

/** Numbers of the model → labels, best first. */
export function answerPart({ labels, labelOffset, softmax, topK }: LabelsOutput): ModulePart {
  const score = scoreName({ softmax });
  return {
    constants: [{ name: "labels", exported: true, type: "readonly string[]", value: `[${labels.map((label) => JSON.stringify(label)).join(", ")}]`, doc: "Class names in the order of the model's output." }],
    interfaces: [{
      name: "Answer", isExported: true,
      properties: [
        { name: "label", type: "string", isReadonly: true },
        { name: "index", type: "number", isReadonly: true, docs: ["Position in `labels`."] },
        { name: score, type: "number", isReadonly: true, docs: [softmax ? "0 to 1." : "The model's own number."] },
      ],
    }],
    functions: [{
      name: "toAnswers", isExported: true, parameters: parameters("output: ArrayLike<number>"), returnType: "readonly Answer[]",
      docs: [`The ${topK} best classes, best first; of equal ones the lower index, NaN last.`],
      statements: [
        `const ${softmax ? "raw" : "scores"} = Float64Array.from(output)${labelOffset > 0 ? `.subarray(${labelOffset})` : ""};`,
        ...(softmax ? [
          "const most = raw.reduce((largest, value) => Math.max(largest, value), -Infinity);",
          "const powers = raw.map((value) => Math.exp(value - most));",
          "const total = powers.reduce((sum, power) => sum + power, 0);",
          "const scores = powers.map((power) => power / total);",
        ] : []),
        "const rank = (index: number): number => Number.isNaN(scores[index]) ? -Infinity : scores[index] ?? -Infinity;",
        "const order = Array.from(scores, (_, index) => index).sort((a, b) => rank(b) === rank(a) ? a - b : rank(b) > rank(a) ? 1 : -1);",
        `return order.slice(0, ${topK}).map((index) => ({ label: labels[index] ?? String(index), index, ${score}: scores[index] ?? Number.NaN }));`,
      ],
    }],
  };
}
