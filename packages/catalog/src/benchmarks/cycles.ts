import type { InstructionTiming, Sourced } from "@edgewise/planner/schema";
import { type Core, type CycleRun, type Network, cmsisNnInstructions, constantBytes, cycleRuns, networks, runsReadOn } from "./cycle-runs.ts";

/** Timing of a core, before it is rounded and given its source. */
export interface CycleFit {
  readonly cyclesPerInstruction: number;
  readonly cyclesPerConstantByte: number;
  /** Factor that holds two standard deviations of single runs. */
  readonly spread: number;
}

/** Another engine's code is not ours: its loads and multiplications stand in other proportions. */
const LEAST_SPREAD = 1.5;

/**
 * Cycles of CMSIS-NN's instructions on a Cortex-M4, from runs whose instructions are counted.
 *
 *   cycles(network) = instructions · perInstruction + constantBytes · perByte
 *
 * Per run: perInstruction is the geometric mean over the networks that read their weights many times (perByte matters
 * under 1 % there), perByte is what is left of the autoencoder, which reads each weight once, out of flash. The result
 * is the geometric mean over compilers (microTVM, ONNC), each the mean of its runs: what a compiler adds to or saves of
 * the counted instructions is the same in all of them. ONNC's vww is left out: it takes fewer cycles than CMSIS-NN has
 * instructions, so other work was done.
 */
function fitM4(runs: readonly CycleRun[]): CycleFit {
  const anchored = runs.filter(isAnchor);
  const compilers = [...new Set(anchored.map(compilerOf))];
  const mean = (rate: (run: CycleRun) => number): number =>
    geometricMean(compilers.map((compiler) => geometricMean(anchored.filter((run) => compilerOf(run) === compiler).map(rate))));
  const fit = {
    cyclesPerInstruction: mean(ratePerInstruction),
    cyclesPerConstantByte: mean((run) => (cyclesOf(run, "ad") - cmsisNnInstructions.ad * ratePerInstruction(run)) / constantBytes.ad),
  };
  const errors = anchored.flatMap((run) => anchorsOf(run).map((network) => Math.log(cyclesOf(run, network) / predictedCycles(fit, network))));
  return { ...fit, spread: Math.max(LEAST_SPREAD, twoDeviations(errors)) };
}

/**
 * Another core by closed engines whose instructions nobody has counted, but which ran on a Cortex-M4 too: the same
 * instruction set, so the same instructions, and the ratio of cycles is that of the cores.
 *
 *   timing(core) = timing(M4) · geometric mean over (engine, network) of cycles(core) / cycles(M4)
 */
function fitOther(core: Core, runs: readonly CycleRun[]): CycleFit {
  const m4 = fitM4(runs);
  const ratios = ratiosTo(core, runs);
  const ratio = geometricMean(ratios);
  const scatter = twoDeviations(ratios.map((each) => Math.log(each / ratio)));
  return {
    cyclesPerInstruction: m4.cyclesPerInstruction * ratio, cyclesPerConstantByte: m4.cyclesPerConstantByte * ratio,
    spread: Math.exp(Math.hypot(Math.log(m4.spread), Math.log(scatter))),
  };
}

/** Fit of a core to some runs; all of them unless a board is to be left out. */
export function fitCycles(core: Core, runs: readonly CycleRun[] = cycleRuns): CycleFit {
  return core === "cortex-m4" ? fitM4(runs) : fitOther(core, runs);
}

/** Cycles of one inference of CMSIS-NN by a fit. */
export function predictedCycles(fit: Pick<CycleFit, "cyclesPerInstruction" | "cyclesPerConstantByte">, network: Network): number {
  return cmsisNnInstructions[network] * fit.cyclesPerInstruction + constantBytes[network] * fit.cyclesPerConstantByte;
}

/** Timing of a core as a device of the catalog carries it; its source is the rounds of results that were used. */
export function timingOf(core: Core): InstructionTiming {
  const fit = fitCycles(core);
  const used = core === "cortex-m4" ? cycleRuns.filter(isAnchor) : cycleRuns;
  const ref = [...new Set(used.map((run) => run.ref.replace(/\/tree\/.*/, "")))].sort().join(" ");
  const sourced = (value: number): Sourced<number> => ({ value: Number(value.toPrecision(3)), basis: "modelled", ref, date: runsReadOn });
  return { cyclesPerInstruction: sourced(fit.cyclesPerInstruction), cyclesPerConstantByte: sourced(fit.cyclesPerConstantByte), spread: sourced(fit.spread) };
}

/** Whether CMSIS-NN's counts are those of a run. */
export function isAnchor({ engine, core }: CycleRun): boolean {
  return core === "cortex-m4" && engine.includes("CMSIS-NN");
}

/** Networks of an anchor whose counts hold. */
export function anchorsOf({ engine }: CycleRun): readonly Network[] {
  return networks.filter((network) => !(network === "vww" && engine.includes("ONNC")));
}

/** "microTVM" of "microTVM+CMSIS-NN". */
function compilerOf({ engine }: CycleRun): string {
  return engine.split("+")[0] ?? engine;
}

export function cyclesOf({ ms, clockHz }: CycleRun, network: Network): number {
  return (ms[network] * clockHz) / 1000;
}

function ratePerInstruction(run: CycleRun): number {
  return geometricMean(anchorsOf(run).filter((network) => network !== "ad").map((network) => cyclesOf(run, network) / cmsisNnInstructions[network]));
}

function ratiosTo(core: Core, runs: readonly CycleRun[]): readonly number[] {
  return runs.filter((run) => run.core === core).flatMap((run) => {
    const twins = runs.filter((other) => other.core === "cortex-m4" && other.engine === run.engine);
    return twins.length === 0 ? [] : networks.map((network) => cyclesOf(run, network) / geometricMean(twins.map((twin) => cyclesOf(twin, network))));
  });
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** exp(2 · √(mean square)) of logarithms whose mean is near 0. */
function twoDeviations(logs: readonly number[]): number {
  return Math.exp(2 * Math.sqrt(logs.reduce((sum, log) => sum + log * log, 0) / Math.max(1, logs.length - 1)));
}
