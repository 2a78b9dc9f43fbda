import { describe, expect, test } from "vitest";
import { lowerGraph } from "../lower.ts";
import { labelledEmitInput } from "../testing/labelled-case.ts";
import { valueOrThrow } from "../testing/quantized-case.ts";
import type { KernelSet } from "../isa/specialize.ts";
import { renderBuildGuide } from "./build-guide.ts";

function guide(family: KernelSet, vectors = 2): string {
  return renderBuildGuide({ program: valueOrThrow(lowerGraph(labelledEmitInput().graph, family).program), prefix: "net", vectors, family });
}

describe("the guide of a bundle", () => {
  test("has a part for CMake, for Arduino, for a compiler alone, and for the kernels", () => {
    expect([...guide("portable").matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(["CMake", "Arduino", "By hand", "Kernels: portable"]);
  });

  test("names each assembly file with its condition, or says that there is none", () => {
    expect(guide("dsp")).toContain("| `src/net_conv_dsp_inner.S` | `#if defined(__ARM_FEATURE_DSP) && defined(__thumb2__)` |");
    expect(guide("portable")).toContain("Every source is C99.");
    expect(guide("portable")).not.toContain(".S` |");
  });

  test("speaks of golden vectors only where there are some", () => {
    expect(guide("portable", 3)).toContain("all 3 golden vectors");
    expect(guide("portable", 0)).not.toMatch(/PASS|selftest\//);
  });
});
