import type { Diagnostic } from "@edgewise/graph";
import { describe, expect, it } from "vitest";
import { renderDiagnostics } from "./diagnostic.ts";
import { painter } from "./paint.ts";

const at = (node: string, op: string): Diagnostic => ({ code: "OP_UNSUPPORTED", severity: "error", summary: `no ${op}`, subject: { kind: "node", file: "m.onnx", node, op }, fix: "Replace it." });

describe("diagnostics on a terminal", () => {
  it("tell a mistake of many nodes once, and how many there are", () => {
    const text = renderDiagnostics([...["a", "b", "c", "d", "e", "f", "g"].map((node) => at(node, "Loop")), at("z", "Scan")], new Map(), painter(false));
    expect(text.match(/OP_UNSUPPORTED/g)).toHaveLength(2);
    expect(text).toContain("also at   b, c, d, e, f and 1 more");
  });

  it("show the line of a mistake with a caret under its column", () => {
    const text = renderDiagnostics([{ code: "UNKNOWN_KEY", severity: "error", summary: "s", subject: { kind: "file", path: "plan.yaml", line: 2, column: 3 }, fix: "f" }], new Map([["plan.yaml", "a: 1\nb: c\n"]]), painter(false));
    expect(text).toContain("  2 | b: c\n    |   ^\n");
  });
});
