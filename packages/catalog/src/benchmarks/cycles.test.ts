import { describe, expect, it } from "vitest";
import { type Core, type CycleRun, type Network, cycleRuns, networks } from "./cycle-runs.ts";
import { type CycleFit, anchorsOf, cyclesOf, fitCycles, isAnchor, predictedCycles, timingOf } from "./cycles.ts";
import { nucleoL4r5zi } from "../devices/nucleo-l4r5zi.ts";

interface Prediction {
  readonly name: string;
  readonly ratio: number;
  readonly spread: number;
}

/** predicted / published, by a fit that has not seen the run. */
function prediction(run: CycleRun, network: Network, { fit, cycles }: { readonly fit: CycleFit; readonly cycles: number }): Prediction {
  return { name: `${run.engine} on ${run.board}, ${network}`, ratio: cycles / cyclesOf(run, network), spread: fit.spread };
}

/** CMSIS-NN's runs, each by all the others. */
function anchorsLeftOut(same: (left: CycleRun, other: CycleRun) => boolean): readonly Prediction[] {
  return cycleRuns.filter(isAnchor).flatMap((run) => {
    const fit = fitCycles("cortex-m4", cycleRuns.filter((other) => !same(run, other)));
    return anchorsOf(run).map((network) => prediction(run, network, { fit, cycles: predictedCycles(fit, network) }));
  });
}

/** Closed engines on a board of another core, from the same engine on a Cortex-M4 and the ratio of cores on all other boards. */
function boardsLeftOut(core: Core): readonly Prediction[] {
  return cycleRuns.filter((run) => run.core === core).flatMap((run) => {
    const others = cycleRuns.filter(({ board }) => board !== run.board);
    if (!others.some((other) => other.core === core)) return [];
    const fit = fitCycles(core, others);
    const ratio = fit.cyclesPerInstruction / fitCycles("cortex-m4", others).cyclesPerInstruction;
    const twins = others.filter((other) => other.core === "cortex-m4" && other.engine === run.engine);
    return networks.flatMap((network) => twins.slice(0, 1).map((twin) => prediction(run, network, { fit, cycles: cyclesOf(twin, network) * ratio })));
  });
}

function meanError(all: readonly Prediction[]): number {
  return all.reduce((sum, { ratio }) => sum + Math.abs(ratio - 1), 0) / all.length;
}

function covered(all: readonly Prediction[]): number {
  return all.filter(({ ratio, spread }) => Math.max(ratio, 1 / ratio) <= spread).length / all.length;
}

describe("cycles of instructions", () => {
  it("come from thirty-six runs, none of them twice", () => {
    expect(cycleRuns).toHaveLength(36);
    expect(new Set(cycleRuns.map(({ engine, board }) => `${engine} ${board}`)).size).toBe(36);
    expect(cycleRuns.filter(isAnchor)).toHaveLength(4);
  });

  it.each(["cortex-m4", "cortex-m7", "cortex-m33"] as const)("%s: between half a cycle and two an instruction, with source and day", (core) => {
    const timing = timingOf(core);
    expect(timing.cyclesPerInstruction.value).toBeGreaterThan(0.5);
    expect(timing.cyclesPerInstruction.value).toBeLessThan(2);
    expect(timing.spread.value).toBeGreaterThanOrEqual(1.5);
    for (const { basis, ref } of Object.values(timing).filter((each) => each !== null)) {
      expect(basis).toBe("modelled");
      expect(ref).toMatch(/^https:\/\/github\.com\/mlcommons\/tiny_results_v/);
    }
  });

  it("order the cores as their pipelines do: M7 issues two instructions, M33 waits less than M4", () => {
    const [m4, m7, m33] = (["cortex-m4", "cortex-m7", "cortex-m33"] as const).map((core) => fitCycles(core).cyclesPerInstruction);
    expect(m7!).toBeLessThan(m33!);
    expect(m33!).toBeLessThan(m4!);
  });

  it("predict a run that was left out: 12 % off in the mean on a Cortex-M4, every one within the interval", () => {
    const all = anchorsLeftOut((left, other) => other === left);
    expect(all).toHaveLength(13);
    expect(meanError(all)).toBeLessThan(0.12);
    expect(covered(all)).toBe(1);
  });

  it("predict a Cortex-M4 board of which no run was seen", () => {
    const all = anchorsLeftOut((left, other) => other.board === left.board);
    expect(meanError(all)).toBeLessThan(0.12);
    expect(covered(all)).toBe(1);
  });

  it.each([["cortex-m7", 0.1], ["cortex-m33", 0.08]] as const)("carry an engine over to a %s board that was left out, within its interval", (core, mean) => {
    const all = boardsLeftOut(core);
    expect(all.length).toBeGreaterThanOrEqual(30);
    expect(meanError(all)).toBeLessThan(mean);
    expect(covered(all)).toBeGreaterThanOrEqual(0.95);
  });

  it("predict an engine that was left out: 18 % off in the mean", () => {
    const all = anchorsLeftOut((left, other) => other.engine.slice(0, 4) === left.engine.slice(0, 4));
    expect(meanError(all)).toBeLessThan(0.18);
    expect(covered(all)).toBe(1);
  });
});

/** Microjoules that CMSIS-NN's runs took on the NUCLEO-L4R5ZI: the same result files. Skymizer's did not set the power. */
const energies: readonly { readonly engine: string; readonly uj: Readonly<Partial<Record<Network, number>>> }[] = [
  { engine: "microTVM+CMSIS-NN", uj: { kws: 5230.27, ic: 20236.3, vww: 15531.4, ad: 443.184 } },
  { engine: "ONNC+CMSIS-NN", uj: { kws: 3454.85, ic: 12684.3, ad: 334.536 } },
  { engine: "ONNC+CMSIS-NN on Zephyr", uj: { kws: 4747.95, ic: 14927.3, ad: 409.666 } },
];

describe("energy of an inference on the NUCLEO-L4R5ZI", () => {
  it("follows from counted instructions, cycles fitted without the run, and power: within the interval", () => {
    const [watts, wattsSpread] = [nucleoL4r5zi.activeWatts!.value, nucleoL4r5zi.activeWattsSpread!.value];
    const all = energies.flatMap(({ engine, uj }) => {
      const run = cycleRuns.find((each) => each.engine === engine && each.board === "NUCLEO-L4R5ZI")!;
      const fit = fitCycles("cortex-m4", cycleRuns.filter((other) => other !== run));
      return Object.entries(uj).map(([network, published]): Prediction => {
        const ms = (1000 * predictedCycles(fit, network as Network)) / run.clockHz;
        return { name: `${engine} ${network}`, ratio: (watts * ms * 1000) / published, spread: 1 + Math.hypot(fit.spread - 1, wattsSpread - 1) };
      });
    });
    expect(all).toHaveLength(10);
    expect(meanError(all)).toBeLessThan(0.2);
    expect(covered(all)).toBe(1);
  });
});
