import { resolve } from "node:path";
import { digest } from "@edgewise/adapter";
import { type Graph, valueOf, workOf } from "@edgewise/graph";
import { quantityText } from "@edgewise/planner";
import type { Device, InputContract, TargetFacts } from "@edgewise/planner/schema";
import { adapters } from "../adapters.ts";
import type { Context } from "../context.ts";
import { Trouble } from "../disk/trouble.ts";
import { renderTable } from "../render/table.ts";
import { bytes, count } from "../render/units.ts";
import { imageResolution, openModel } from "../work/model-graph.ts";
import { allDevices } from "../work/workspace.ts";

/** What an image task would declare, where no plan does: support and memory do not depend on it. */
const anyContract = { input: { kind: "tensor", scale: [1], offset: [0] } satisfies InputContract, output: { kind: "tensor" } } as const;

interface Support {
  readonly device: string;
  readonly facts: TargetFacts;
}

/** `plan inspect <model>`: the model as everything downstream sees it, and what each target would do with it. */
export async function inspect(context: Context, file = ""): Promise<number> {
  const root = resolve(context.cwd);
  const opened = await openModel({ path: resolve(root, file), file, source: { path: file, family: null, variant: null, resolution: null, bind: {}, licence: null } });
  if (!opened.ok) throw new Trouble(opened.errors);
  const graph = opened.value;
  const work = workOf(graph);
  const support = supportOf(graph, await allDevices(root, context.sources));
  if (context.json) {
    const layers = work.nodes.map(({ node, ...numbers }) => ({ node: node.origin.node, op: node.op, output: valueOf(graph, node.outputs[0] ?? "").shape, ...numbers }));
    context.terminal.out(`${JSON.stringify({ file, macs: work.macs, parameters: work.parameters, parameterBytes: work.parameterBytes, peakLiveBytes: work.peakLiveBytes, arenaBytes: work.arenaBytes, layers, support }, null, 2)}\n`);
    return 0;
  }
  const port = (ids: readonly string[]): string => ids.map((id) => `${id} ${valueOf(graph, id).dtype} [${(valueOf(graph, id).shape ?? []).join(", ")}]`).join(", ");
  context.terminal.out([
    `${file}`,
    `  input       ${port(graph.inputs)}`,
    `  output      ${port(graph.outputs)}`,
    `  layers      ${graph.nodes.length} after folding and fusing: ${histogram(graph)}`,
    `  MACs        ${count(work.macs)}`,
    `  parameters  ${count(work.parameters)} (${bytes(work.parameterBytes)} as stored)`,
    `  activations ${bytes(work.peakLiveBytes)} alive at once at most`,
    "", ...(context.flags["layers"] === true ? [layerTable(graph, work)] : []),
    supportTable(support), ...(context.flags["layers"] === true ? [leftOutTable(support)] : []),
  ].join("\n"));
  return 0;
}

function histogram(graph: Graph): string {
  const counts = new Map<string, number>();
  for (const { op } of graph.nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([op, n]) => `${n} ${op}`).join(", ");
}

/** Every backend of every adapter on the first catalog device of its kind. */
function supportOf(graph: Graph, devices: readonly Device[]): readonly Support[] {
  const quantized = graph.nodes.some(({ op, outputs }) => op !== "Quantize" && outputs.some((id) => valueOf(graph, id).quant !== null));
  return devices.flatMap((device) => adapters.filter(({ runtime }) => device.runtimes[runtime.id] !== undefined).flatMap((adapter) =>
    adapter.runtime.backends.filter((backend) => device.units.some((unit) => unit.kind === backend.unitKind && (backend.isas.length === 0 || backend.isas.includes(unit.isa))))
      .flatMap((backend) => backend.precisions.filter((precision) => !quantized || precision === "int8").map((precision) => ({
        device: device.id,
        facts: adapter.assess({ graph, model: digest(graph.name), precision, resolution: imageResolution(graph, anyContract.input), device, backend: backend.id, contract: anyContract }),
      })))));
}

function supportTable(support: readonly Support[]): string {
  return renderTable(
    [{ title: "device" }, { title: "runtime" }, { title: "precision" }, { title: "support" }, { title: "on its unit", align: "right" }, { title: "ram", align: "right" }, { title: "flash", align: "right" }, { title: "model file", align: "right" }],
    support.map(({ device, facts }) => {
      const missing = facts.layers.filter(({ supported }) => !supported);
      const region = (kind: string): string => {
        const bill = facts.memory.find((entry) => entry.region === kind);
        return bill === undefined ? "" : bytes(bill.total.expected);
      };
      const verdict = missing.length === 0 ? `all ${facts.layers.length} layers` : `${missing[0]?.op} (${missing[0]?.node}): ${missing[0]?.rule}`;
      const coverage = facts.delegateCoverage === undefined ? "" : quantityText("delegate", facts.delegateCoverage.expected);
      return [device, `${facts.runtime}/${facts.backend}`, facts.precision, verdict, coverage, ...(missing.length === 0 ? [region("ram"), region("flash"), bytes(facts.bundleBytes.expected)] : ["", "", ""])];
    }),
  );
}

/** Layers that are predicted to run elsewhere than on their backend's unit, with the rule; empty where there are none. */
function leftOutTable(support: readonly Support[]): string {
  const rows = support.flatMap(({ device, facts }) => {
    const own = facts.work[0]?.unitKind;
    return facts.layers.filter(({ unitKind, supported }) => supported && unitKind !== undefined && unitKind !== own)
      .map(({ node, op, rule, unitKind }) => [device, `${facts.runtime}/${facts.backend}`, facts.precision, node, op, unitKind ?? "", rule]);
  });
  if (rows.length === 0) return "";
  return `\n${renderTable([{ title: "device" }, { title: "runtime" }, { title: "precision" }, { title: "left out" }, { title: "op" }, { title: "runs on" }, { title: "rule" }], rows)}`;
}

function layerTable(graph: Graph, work: ReturnType<typeof workOf>): string {
  return `${renderTable(
    [{ title: "layer" }, { title: "op" }, { title: "output" }, { title: "MACs", align: "right" }, { title: "parameters", align: "right" }, { title: "alive", align: "right" }],
    work.nodes.map((entry) => [entry.node.origin.node, entry.node.op, `[${(valueOf(graph, entry.node.outputs[0] ?? "").shape ?? []).join(", ")}]`, count(entry.macs), count(entry.parameters), bytes(entry.liveBytes)]),
  )}\n`;
}
