import { toleranceOf } from "@edgewise/adapter-litert";
import { invariant } from "@edgewise/graph";
import { Trouble } from "../disk/trouble.ts";
import { adapters } from "../adapters.ts";
import { LITERT_PACKAGE, openLitertFile } from "./litert-model.ts";
import { type BundleRun, type RunJob, besideReference, fileOf, here } from "./run-bundle.ts";

/** Runs model.tflite on LiteRT's CPU path here, whatever the bundle's own backend is: an accelerator is measured on its device. */
export async function runLitertBundle({ bundle, graph, vectors }: RunJob): Promise<readonly BundleRun[]> {
  const { isLitertInstalled } = await import("@edgewise/measure");
  const where = `LiteRT's CPU path on ${here}`;
  if (!isLitertInstalled()) return [{ where, findings: [{ what: "a run", promised: "–", found: `LiteRT is not installed: npm install ${LITERT_PACKAGE}`, holds: null }] }];
  const { precision, runtime } = bundle.manifest.candidate;
  const shape = adapters.find((adapter) => adapter.runtime.id === runtime)?.modelFile?.(graph, precision);
  invariant(shape !== undefined, `an adapter that writes files of ${runtime}`);
  if (!shape.ok) throw new Trouble(shape.errors);
  const model = await openLitertFile({ ...shape.value, bytes: fileOf(bundle, "model.tflite") });
  try {
    return [{ where, findings: await besideReference(await vectors(), { run: (tensor) => model.predict(tensor), tolerance: toleranceOf(graph, precision), timed: true }) }];
  } finally {
    model.close();
  }
}
