import { type Diagnostic, type Graph, type Result, type Tensor, type ValueId, fail, ok } from "@edgewise/graph";
import { type Method, chooseRange } from "./choose-range.ts";
import { type Histogram, newHistogram, observe } from "./histogram.ts";
import { type Range, type Ranges, observedValues } from "./ranges.ts";
import type { Runner } from "./runner.ts";

/** Feeds of one inference, by input id. */
export type Sample = ReadonlyMap<ValueId, Tensor>;

export interface CalibrateInput {
  /** Canonical float graph. */
  readonly graph: Graph;
  readonly samples: Iterable<Sample> | AsyncIterable<Sample>;
  readonly runner: Runner;
  readonly method: Method;
}

/** What calibration finds; a fact once its keys (model, data, contract) stand beside it. */
export interface Calibration {
  readonly method: Method;
  readonly samples: number;
  readonly ranges: Ranges;
  /** Mean of each channel (axis 1) of a value of two or more axes, over samples, batch and positions. */
  readonly means: Readonly<Record<ValueId, readonly number[]>>;
}

/**
 * Ranges of all float values, from one inference a sample, one after another.
 *
 * Ranges do not depend on the order of the samples; means are sums in that order. Errors: CALIBRATION_EMPTY without a
 * sample, CALIBRATION_NOT_FINITE where a value was NaN or infinite.
 */
export async function calibrate({ graph, samples, runner, method }: CalibrateInput): Promise<Result<Calibration>> {
  const ids = observedValues(graph).map((value) => value.id);
  const seen = new Map(ids.map((id) => [id, { histogram: newHistogram(), mean: new Means() }]));
  let count = 0;
  for await (const feeds of samples) {
    const tensors = await runner.run(graph, feeds, ids);
    for (const [id, { histogram, mean }] of seen) {
      const tensor = tensors.get(id) ?? feeds.get(id);
      if (!tensor) continue;
      observe(histogram, tensor.data as ArrayLike<number>); // observed values are float: held in Float32Array or Float64Array
      mean.add(tensor);
    }
    count += 1;
  }
  if (count === 0) return fail(emptyCalibration());
  const lost = [...seen].filter(([, { histogram }]) => histogram.lost > 0);
  if (lost.length > 0) return fail(...lost.map(([id, { histogram }]) => notFinite(id, histogram)));
  const ranges: Record<ValueId, Range> = {};
  const means: Record<ValueId, readonly number[]> = {};
  for (const id of [...ids].sort()) {
    const found = seen.get(id);
    if (!found) continue;
    ranges[id] = chooseRange(found.histogram, method);
    means[id] = found.mean.result();
  }
  return ok({ method, samples: count, ranges, means });
}

/** Running mean of each index of axis 1. */
class Means {
  private sums: Float64Array = new Float64Array(0);
  private count = 0;

  add({ shape, data }: Tensor): void {
    const channels = shape[1];
    if (channels === undefined) return;
    if (this.sums.length !== channels) this.sums = new Float64Array(channels);
    const block = shape.slice(2).reduce((product, dim) => product * dim, 1);
    for (let plane = 0; plane * block < data.length; plane++) {
      let sum = 0;
      for (let i = plane * block; i < (plane + 1) * block; i++) sum += Number(data[i] ?? 0);
      const c = plane % channels;
      this.sums[c] = (this.sums[c] ?? 0) + sum;
    }
    this.count += data.length / channels;
  }

  result(): readonly number[] {
    return Array.from(this.sums, (sum) => (this.count === 0 ? 0 : sum / this.count));
  }
}

function emptyCalibration(): Diagnostic {
  return {
    code: "CALIBRATION_EMPTY", severity: "error", summary: "No calibration samples", subject: { kind: "argument", name: "calibration.data" },
    found: "0 samples", expected: "at least 1, better 100", fix: "Name a folder or file with inputs like those in use.",
  };
}

function notFinite(id: ValueId, { lost }: Histogram): Diagnostic {
  return {
    code: "CALIBRATION_NOT_FINITE", severity: "error", summary: "A layer gave NaN or infinity", subject: { kind: "argument", name: id },
    found: `${lost} numbers of ${id}`, expected: "finite numbers", fix: "Check the input's scale and offset, and the trained weights.",
  };
}
