import { describe, expect, it } from "vitest";
import { plan } from "../plan.ts";
import type { Reason } from "../schema/plan.ts";
import type { Budget } from "../schema/spec.ts";
import { readingMeters } from "../testing/reading-meters.ts";
import { wilson } from "../statistics/wilson.ts";
import { randomInput } from "../testing/random-input.ts";
import { foldCauses, simplifyCauses } from "./cause.ts";
import { explain } from "./explain.ts";
import { explanationMarkdown, explanationText } from "./render.ts";
import { wordReason, wordRemedy } from "./word.ts";

describe("the explanation of a small plan", () => {
  const made = plan(readingMeters());

  it("reads like this in a terminal", () => {
    expect(explanationText(explain(made))).toMatchInlineSnapshot(`
      "meter on raspberry-pi-pico: w16 32x32 int8 on edgewise-c/portable
        Meets
          accuracy 98 % (96.1 % to 99 %, measured), at least 95 %
          latency 205 ms (102 ms to 410 ms, modelled), at most 800 ms
        Why nothing else
          w8 32x32 int8 on edgewise-c/portable: accuracy 89.8 % < 95 % on the selection half (measured, 92.8 % expected)
          w32 32x32 int8 on edgewise-c/portable: latency 1.64 s > 800 ms (modelled, 819 ms expected)
        Nearest alternatives
          w8 32x32 int8 on edgewise-c/portable: accuracy 89.8 % < 95 % on the selection half (measured, 92.8 % expected)

      phone on some-phone: w16 32x32 int8 on onnxruntime/cpu
        Meets
          accuracy 98 % (96.1 % to 99 %, measured), at least 95 %
        Why nothing else
          3 of 6 (onnxruntime), closest w16 32x32 float32 on onnxruntime/cpu: bundle 100 KiB > 25 KiB, the best, and the tolerance is 5 %
          2 of 6 (w8, onnxruntime), closest w8 32x32 int8 on onnxruntime/cpu: accuracy 89.8 % < 95 % on the selection half (measured, 92.8 % expected)
        Nearest alternatives
          w32 32x32 int8 on onnxruntime/cpu: bundle 100 KiB > 25 KiB, the best, and the tolerance is 5 %
          w16 32x32 float32 on onnxruntime/cpu: bundle 100 KiB > 25 KiB, the best, and the tolerance is 5 %

      sensor on tiny-chip: none of 3 candidates fits
        Why nothing fits
          3 of 3 (int8, edgewise-c), closest w8 32x32 int8 on edgewise-c/portable: latency 512 ms > 300 ms (modelled, 256 ms expected)
        What would fit
          w16 32x32 int8 on edgewise-c/portable: raise latency to 2.06 s
          w8 32x32 int8 on edgewise-c/portable: raise latency to 515 ms, and lower accuracy to 89.3 %
      "
    `);
  });

  it("reads like this in Markdown, for one target", () => {
    expect(explanationMarkdown(explain(made, { target: "meter" }))).toMatchInlineSnapshot(`
      "## meter on raspberry-pi-pico: w16 32x32 int8 on edgewise-c/portable

      **Meets**

      - accuracy 98 % (96.1 % to 99 %, measured), at least 95 %
      - latency 205 ms (102 ms to 410 ms, modelled), at most 800 ms

      **Why nothing else**

      - w8 32x32 int8 on edgewise-c/portable: accuracy 89.8 % \\< 95 % on the selection half (measured, 92.8 % expected)
      - w32 32x32 int8 on edgewise-c/portable: latency 1.64 s \\> 800 ms (modelled, 819 ms expected)

      **Nearest alternatives**

      - w8 32x32 int8 on edgewise-c/portable: accuracy 89.8 % \\< 95 % on the selection half (measured, 92.8 % expected)
      "
    `);
  });

  it("of an unknown target is empty", () => {
    expect(explain(made, { target: "nowhere" }).targets).toEqual([]);
  });
});

describe("folded and simplified causes", () => {
  it("account for every rejected candidate exactly once", () => {
    for (let seed = 0; seed < 100; seed += 1) {
      for (const { rejected } of plan(randomInput({ seed, models: 4, targets: 2, measured: 0.7 })).deployments) {
        const told = simplifyCauses(foldCauses(rejected)).flatMap(({ members }) => members.map(({ candidate }) => candidate.id));
        expect([...told].sort()).toEqual(rejected.map(({ candidate }) => candidate.id).sort());
      }
    }
  });
});

const ram: Budget = { key: "ram", relation: "<=", limit: 204800, evidence: "assumed", text: "<= 200 KiB" };
const accuracy: Budget = { key: "accuracy", relation: ">=", limit: 0.97, evidence: "assumed", text: ">= 97 %" };
const exact = (value: number) => ({ low: value, expected: value, high: value, basis: "modelled" as const });

describe("words", () => {
  it.each<[string, Reason, string, string | null]>([
    ["show digits until both sides differ", { kind: "over-limit", budget: ram, needed: exact(204801), largest: "arena", half: null },
      "RAM 200.001 KiB > 200 KiB (modelled; most of it: arena)", "raise ram to 201 KiB"],
    ["name the half that failed", { kind: "over-limit", budget: accuracy, needed: { low: 0.941, expected: 0.96, high: 0.972, basis: "measured" }, largest: null, half: "confirmation" },
      "accuracy 94.1 % < 97 % on the confirmation half (measured, 96 % expected)", "lower accuracy to 93.6 %"],
    ["say what was seen before it was given up, and the bound that failed", { kind: "out-of-reach", budget: accuracy, half: "selection", correct: 132, samples: 142, available: 474, attainable: wilson(464, 474).low },
      "accuracy 93 % after 142 of 474 samples of the selection half: even with all the rest right it would prove only 96.2 %, below 97 %", "lower accuracy to about 89.8 %, and run plan make"],
    ["say how many samples would do", { kind: "too-few-samples", budget: accuracy, half: "selection", needed: null, samples: 100, samplesNeeded: 125 },
      "100 samples in the selection half cannot prove accuracy at least 97 % by any result; 125 would", "label 250 samples (125 in each half)"],
    ["never turn an unknown into a number", { kind: "outranked", by: "id", key: "energy", higherIsBetter: false, own: null, best: 0.002, tolerance: 0.05 },
      "energy is unknown, and the best has 2 mJ", null],
    ["state the tolerance that was exceeded", { kind: "outranked", by: "id", key: "latency", higherIsBetter: false, own: 11, best: 10, tolerance: 0.05 },
      "latency 11 ms > 10 ms, the best, and the tolerance is 5 %", null],
  ])("%s", (_, reason, words, remedy) => {
    expect(wordReason(reason)).toBe(words);
    expect(wordRemedy(reason)).toBe(remedy);
  });
});
