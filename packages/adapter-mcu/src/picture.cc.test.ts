import { perTensor } from "@edgewise/graph/ops";
import { parseGraph } from "@edgewise/graph";
import { canonicalize } from "@edgewise/graph/passes";
import { buildHost, runProcess } from "@edgewise/measure";
import type { TaskContract } from "@edgewise/planner/schema";
import { cameraMapping } from "@edgewise/preprocess";
import { quantizeGraph, structuralRanges } from "@edgewise/quantizer";
import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import { emit } from "./emit.ts";
import { textFile } from "./emit/library.ts";
import { emitInput, goldenVectors, valueOrThrow } from "./testing/quantized-case.ts";

const present = await runProcess("gcc", ["--version"]).then(() => true, () => false);

/** Three channels of 4 x 5 pixels, two classes behind a background. */
const text = `graph picture
in x: float32[1, 3, 4, 5]
w: float32[3, 3, 4, 5] = const seed 1
c = Conv(x, w) kernel_shape=[4, 5]
y = Flatten(c)
out y
`;

function contractOf(scale: readonly number[], offset: readonly number[]): TaskContract {
  return {
    input: { kind: "image", color: "rgb", resize: { filter: "none", fit: "stretch", crop: null, pad: 0 }, scale, offset, layout: "nchw" },
    output: { kind: "labels", labels: ["cat \"Tom\"", "Hündin"], labelOffset: 1, softmax: false, topK: 1 },
  };
}

const main = `#include "net.h"
#include <stdio.h>
int main(void);
int main(void)
{
    static uint8_t frame[NET_INPUT_BYTES];
    for (unsigned k = 0; k < NET_INPUT_BYTES; k++) frame[k] = (uint8_t)(k * 37u);
    net_set_picture(frame);
    for (unsigned k = 0; k < NET_INPUT_BYTES; k++) printf("%d ", net_input()[k]);
    net_run();
    printf("\\n%s\\n", net_labels[net_best()]);
    for (unsigned k = 0; k < NET_OUTPUT_BYTES; k++) printf("%d ", net_output()[k]);
    return 0;
}
`;

describe.skipIf(!present)(`a camera's frame enters${present ? "" : " (needs gcc)"}`, () => {
  const graph = valueOrThrow(canonicalize(parseGraph(text)));
  const ranges = { ...structuralRanges(graph), x: [0, 1] as const };
  const cases = [
    { name: "directly, when the contract is exact", contract: contractOf([1 / 255], [0]), kind: "shift" },
    { name: "through one table", contract: contractOf([1 / 200], [0]), kind: "table" },
    { name: "through a table a channel", contract: contractOf([1 / 255, 1 / 300, 1 / 400], [0, 0.1, 0.2]), kind: "table" },
  ];
  for (const { name, contract, kind } of cases) {
    test(`${name}, and the label of the best class comes out`, async () => {
      const quantized = valueOrThrow(quantizeGraph(graph, ranges));
      const bundle = valueOrThrow(await emit(emitInput({ graph, quantized, golden: goldenVectors(quantized, 1, 1), contract })));
      expect(await check(bundle)).toEqual([]);
      const input = quantized.values.get(quantized.nodes[0]!.outputs[0]!)!;
      const mapping = cameraMapping(contract.input as Extract<TaskContract["input"], { kind: "image" }>, input.quant!);
      expect(mapping.kind).toBe(kind);
      const files = [...bundle.files.filter(({ path }) => !path.startsWith("selftest/")), textFile("main.c", main)];
      const program = await buildHost({ files, compiler: "gcc" });
      const [entered = "", label = "", scores = ""] = Buffer.from((await program.run()).stdout).toString("utf8").split("\n");
      await program.remove();
      const expected = Array.from({ length: 60 }, (_, k) => {
        const pixel = (k * 37) & 255;
        return mapping.kind === "shift" ? pixel + perTensor(input.quant!).zeroPoint : mapping.perChannel[k % 3]![pixel]!;
      });
      expect(entered.trim().split(" ").map(Number)).toEqual(expected);
      const [, first = 0, second = 0] = scores.trim().split(" ").map(Number);
      expect(label).toBe(second > first ? "Hündin" : 'cat "Tom"');
    });
  }
});
