import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readCoreml, writeCoreml } from "../../packages/formats/src/coreml/index.ts";
import { writeOnnx } from "../../packages/formats/src/onnx/index.ts";
import { type Tensor, interpret, openDims } from "../../packages/graph/src/index.ts";
import { canonicalize } from "../../packages/graph/src/passes/index.ts";
import { runModel } from "../../packages/measure/src/index.ts";
import { corpus, valueOrThrow } from "../../packages/measure/src/testing/corpus.ts";
import { type CorpusNet, type Feeds, corpusFiles, madeFeeds, readNet } from "../litert/corpus-nets.ts";

/** Float sums in two orders; the bound that the project promises between runtimes. */
const ABSOLUTE = 1e-5;
const RELATIVE = 1e-4;
/** Rounding of 50 layers to float16, as a share of the largest output. */
const FLOAT16_SHARE = 0.015;

const present = existsSync(`${corpus}/models`);
const nets: readonly CorpusNet[] = (present ? corpusFiles() : []).flatMap((file) => {
  const read = readNet(file);
  return read.ok && read.value.form === "float" ? [read.value] : [];
});

/** onnxruntime on the file itself, where it is ONNX of one size; else on the graph as we write it. */
async function expectedOf({ file, bytes, graph }: CorpusNet, feeds: Feeds): Promise<readonly Tensor[]> {
  const original = file.endsWith(".onnx") && openDims(graph).length === 0;
  const results = await runModel(original ? bytes : writeOnnx(graph).model, feeds);
  return graph.outputs.map((id) => results.get(id)!);
}

function readBack({ file, graph }: CorpusNet, { compute, feeds }: { readonly compute: "float32" | "float16"; readonly feeds: Feeds }): readonly Tensor[] {
  const { files, inputNames } = valueOrThrow(writeCoreml(graph, { compute }));
  const program = valueOrThrow(canonicalize(valueOrThrow(readCoreml(files, { file })).graph));
  return [...interpret(program, new Map([...feeds].map(([id, tensor]) => [inputNames[id] ?? "", tensor]))).values()];
}

describe.skipIf(!present)(`Core ML programs read back, beside onnxruntime${present ? "" : " (corpus absent: set EDGEWISE_CORPUS)"}`, () => {
  test("there are networks", () => expect(nets.length).toBeGreaterThan(10));

  test.each(nets.map((net) => [net.file, net] as const))("%s: equal in float32 within 1e-5 + 1e-4 of each number, in float16 within 1.5 % of the largest", async (_, net) => {
    const [feeds = new Map<string, Tensor>()] = madeFeeds(net.graph, 1);
    const expected = await expectedOf(net, feeds);
    const [whole, half] = (["float32", "float16"] as const).map((compute) => readBack(net, { compute, feeds }));
    for (const [index, { data }] of expected.entries()) {
      const numbers = Array.from(data, Number);
      const largest = Math.max(...numbers.map(Math.abs));
      numbers.forEach((number, i) => {
        expect(Math.abs(Number(whole?.[index]?.data[i]) - number)).toBeLessThanOrEqual(ABSOLUTE + RELATIVE * Math.abs(number));
        expect(Math.abs(Number(half?.[index]?.data[i]) - number)).toBeLessThanOrEqual(FLOAT16_SHARE * largest);
      });
    }
  }, 60_000);
});
