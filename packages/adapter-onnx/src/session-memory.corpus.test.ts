import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { writeOnnx } from "@edgewise/formats/onnx";
import { valueOf } from "@edgewise/graph";
import type { Precision } from "@edgewise/planner/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assess } from "./assess.ts";
import { structuralGraph } from "./lower.ts";
import { device, tensorContract, valueOrThrow } from "./testing/emit-case.ts";
import { corpus, realGraph, realModels } from "./testing/real-models.ts";
import { residentBytes } from "./testing/resident-bytes.ts";

const precisions: readonly Precision[] = ["float32", "float16", "int8-weights", "int8"];
const networks: { model: string; precision: Precision; weightBytes: number; activationBytes: number; residentBytes: number }[] = [];

describe.skipIf(!existsSync(corpus) || process.platform !== "linux")("resident memory of real models (needs the corpus, and Linux)", () => {
  let folder = "";
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), "edgewise-memory-")); });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    if (process.env["EDGEWISE_RECORD"] !== "1") return;
    const record = { what: "resident bytes that a process gains with a session open", runtime: "onnxruntime-node 1.30.0, one thread", node: process.version, cpu: cpus()[0]?.model, platform: `${process.platform}-${process.arch}`, networks };
    writeFileSync(join(import.meta.dirname, "../../../bench/results/onnxruntime-network-memory.json"), `${JSON.stringify(record, null, 2)}\n`);
  });

  describe.each(realModels)("$name", (model) => {
    test.each(precisions)("in %s stays within its bill", async (precision) => {
      const graph = realGraph(model);
      const bill = assess({ graph, model: "0".repeat(64), precision, resolution: null, device, backend: "cpu", contract: tensorContract }).memory.find(({ region }) => region === "ram")!;
      const path = join(folder, `${precision}.onnx`);
      await writeFile(path, writeOnnx(valueOrThrow(structuralGraph(graph, precision))).model);
      const input = graph.inputs[0]!;
      const found = await residentBytes({ path, input, shape: (valueOf(graph, input).shape ?? []).map(Number) });
      const bytesOf = (name: string): number => bill.items.find((item) => item.name === name)!.bytes;
      networks.push({ model: model.name, precision, weightBytes: bytesOf("weights"), activationBytes: bytesOf("activations"), residentBytes: found });
      expect(found).toBeGreaterThanOrEqual(bill.total.low);
      expect(found).toBeLessThanOrEqual(bill.total.high);
      expect(bill.items.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bill.total.expected);
    });
  });
});
