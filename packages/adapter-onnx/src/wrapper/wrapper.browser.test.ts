import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Precision } from "@edgewise/planner/schema";
import { allowedDifferences } from "@edgewise/quantizer";
import { type Browser, type Page, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onnxAdapter } from "../index.ts";
import type { VectorRecord } from "../golden.ts";
import { bundleFolder } from "../testing/bundle-folder.ts";
import { classesContract, emitInput, graphOf, smallText, valueOrThrow } from "../testing/emit-case.ts";
import { examplePicture } from "../testing/example-picture.ts";
import { staticServer } from "../testing/static-server.ts";
import { toleranceOf } from "../tolerance.ts";

const chromiumPath = process.env["EDGEWISE_CHROMIUM"] ?? "/usr/bin/chromium";
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** What the page found for one golden vector. */
interface Found {
  readonly tensorSha256: string;
  readonly output: readonly number[];
  readonly best: string;
}

describe.skipIf(!existsSync(chromiumPath))(`in Chromium (skipped without ${chromiumPath}; EDGEWISE_CHROMIUM names another)`, () => {
  let browser: Browser;
  beforeAll(async () => { browser = await chromium.launch({ executablePath: chromiumPath, args: quiet }); });
  afterAll(async () => { await browser.close(); });

  test.each<Precision>(["float32", "float16", "int8-weights", "int8"])("the emitted wrapper answers as the reference, %s", async (precision) => {
    const graph = graphOf(smallText);
    const input = emitInput({ graph, precision, contract: classesContract, raw: [examplePicture(17, 13, 1), examplePicture(8, 6, 2)] });
    const bundle = valueOrThrow(await onnxAdapter.emit(input));
    const folder = await bundleFolder(bundle, false);
    const server = await staticServer({ bundle: folder.path, ort: dirname(createRequire(import.meta.url).resolve("onnxruntime-web/wasm")) });
    const page = await browser.newPage();
    try {
      await page.goto(server.url);
      const allowed = toleranceOf(input.graph, precision);
      for (const { path, bytes } of bundle.files.filter((file) => /^golden\/.*\.json$/.test(file.path))) {
        const record = JSON.parse(new TextDecoder().decode(bytes)) as VectorRecord;
        const found = await runVector(page, path);
        const limits = allowedDifferences(record.output, allowed);
        expect(found.tensorSha256).toBe(record.tensorSha256);
        record.output.forEach((value, i) => expect(Math.abs(value - found.output[i]!)).toBeLessThanOrEqual(limits[i]!));
        expect(found.best).toBe(record.answer?.[0]?.label);
      }
    } finally {
      await page.close();
      await server.close();
      await folder.remove();
    }
  });
});

/** Runs as text in the page: the bundle's own files and onnxruntime-web, nothing else. */
function runVector(page: Page, path: string): Promise<Found> {
  return page.evaluate<Found>(`(async () => {
    const ort = await import("/ort/ort.wasm.min.mjs");
    ort.env.wasm.wasmPaths = "/ort/";
    ort.env.wasm.numThreads = 1;
    const wrapper = await import("/bundle/index.js");
    const vector = await (await fetch(${JSON.stringify(`/bundle/${path}`)})).json();
    const data = new Uint8ClampedArray(await (await fetch("/bundle/" + vector.start.file)).arrayBuffer());
    const picture = new ImageData(data, vector.start.widthPx, vector.start.heightPx);
    const classifier = await wrapper.createClassifier(ort, wrapper.modelUrl);
    const tensor = wrapper.toTensor(picture);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", tensor.buffer));
    const [best] = await classifier.classify(picture);
    const output = [...await classifier.predict(picture)];
    await classifier.release();
    return { tensorSha256: [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join(""), output, best: best.label };
  })()`);
}
