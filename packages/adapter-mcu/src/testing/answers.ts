import type { Graph, Tensor } from "@edgewise/graph";
import { storedOf } from "@edgewise/graph/ops";
import { buildHost } from "@edgewise/measure";
import { ranking } from "@edgewise/preprocess";
import type { KernelSet } from "../isa/specialize.ts";
import { storedToLogical } from "../layout.ts";
import { lowerGraph } from "../lower.ts";
import { libraryOf } from "./mlperf.ts";
import { valueOrThrow } from "./quantized-case.ts";
import { streamMain } from "./stream-main.ts";

/** What a network's C answers: stored integers in the order of the graph's output. */
export async function answersInC(graph: Graph, feeds: readonly Tensor[], { isa, family }: { readonly isa: string; readonly family: KernelSet }): Promise<readonly Int8Array[]> {
  const { input, output } = valueOrThrow(lowerGraph(graph, family).program);
  const order = storedToLogical(input.layout);
  const stdin = Buffer.concat(feeds.map(({ dtype, data }) => Uint8Array.from(order, (index) => dtype === "int8" ? Number(data[index]) : storedOf(Number(data[index]), input.quant))));
  const program = await buildHost({ files: [...(await libraryOf(graph, isa, family)).files, streamMain], compiler: "gcc" });
  const { code, stdout } = await program.run({ stdin, timeoutMs: 600_000 });
  await program.remove();
  const places = storedToLogical(output.layout);
  if (code !== 0 || stdout.length !== feeds.length * places.length) throw new Error(`the program ended with ${code} after ${stdout.length} bytes`);
  return feeds.map((_, sample) => {
    const answer = new Int8Array(places.length);
    for (const [stored, logical] of places.entries()) answer[logical] = ((stdout[sample * places.length + stored] ?? 0) << 24) >> 24;
    return answer;
  });
}

export function best(answer: ArrayLike<number>): number {
  return ranking(answer)[0] ?? -1;
}
