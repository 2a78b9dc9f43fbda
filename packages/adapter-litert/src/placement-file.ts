import { type BundleFile, textFile } from "@edgewise/adapter";
import { nnapiNotice } from "./delegates/nnapi.ts";
import type { Placement } from "./delegates/placement.ts";

export const PLACEMENT_FILE = "placement.json";

/** placement.json: for every operator of the file, where it is predicted to run, and the rule with its source. */
export function placementFile(placement: Placement, backend: string): BundleFile {
  const { unit, operators, macs, share, partitions } = placement;
  const sources = [...new Map(operators.map(({ source }) => [source.url, source])).values()];
  const rows = operators.map(({ index, op, node, delegated, rule, macs: own, source }) => ({
    index, op, node, unit: delegated ? unit : "CPU", macs: own, rule, source: sources.findIndex(({ url }) => url === source.url),
  }));
  const head = {
    basis: "predicted from documented rules; a run on the device decides", backend, unit, macs, share, partitions,
    ...(backend === "nnapi" ? { notice: nnapiNotice.text } : {}), sources,
  };
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  return textFile(PLACEMENT_FILE, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "operators": [\n${lines}\n  ]\n}`);
}
