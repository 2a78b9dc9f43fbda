import { beforeAll, describe, expect, test } from "vitest";
import { type StepHistogram, addHistograms, mostSteps } from "../agreement/steps.ts";
import { type LitertRuntime, loadLitert } from "./runtime.ts";
import { fileNet, operatorsBeside, wavyFeeds } from "./testing/beside.ts";
import { operatorFiles } from "./testing/operator-files.ts";

const INPUTS = 8;

describe("int8 operators on LiteRT beside the reference", () => {
  let runtime: LitertRuntime;
  beforeAll(async () => {
    runtime = await loadLitert();
  });

  test.each(Object.keys(operatorFiles))("%s is at most one step away", async (name) => {
    const net = fileNet(operatorFiles[name] ?? new Uint8Array(), name);
    let steps: StepHistogram = [0];
    for (const feeds of wavyFeeds(net.graph, INPUTS)) {
      for (const histogram of await operatorsBeside(net, feeds, runtime)) steps = addHistograms(steps, histogram);
    }
    expect(steps[0]).toBeGreaterThan(0);
    expect(mostSteps(steps)).toBeLessThanOrEqual(1);
  });
});
