import type { Diagnostic } from "@edgewise/graph";
import type { EmitInput } from "./adapter.ts";

/** The plan rests on `facts`: a model of another size than they allow would break it. Errors: FACTS_STALE. */
export function staleFacts({ facts, candidate }: Pick<EmitInput, "facts" | "candidate">, modelBytes: number): readonly Diagnostic[] {
  const { low, high } = facts.bundleBytes;
  if (modelBytes >= low && modelBytes <= high) return [];
  return [{
    code: "FACTS_STALE", severity: "error", subject: { kind: "target", target: candidate.target }, summary: "The model's size differs from what was planned",
    found: `${modelBytes} bytes`, expected: low === high ? `${low} bytes` : `${low} to ${high} bytes`,
    fix: "Plan again: the facts belong to another model, precision or version of this runtime.",
  }];
}
