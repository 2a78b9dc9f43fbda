import { type Graph, type Tensor, prepareInterpreter } from "@edgewise/graph";
import { storedOf } from "@edgewise/graph/ops";
import { buildHost } from "@edgewise/measure";
import type { KernelSet } from "../isa/specialize.ts";
import { storedToLogical } from "../layout.ts";
import { lowerGraph } from "../lower.ts";
import type { Program } from "../program.ts";
import { libraryOf } from "./mlperf.ts";
import { valueOrThrow } from "./quantized-case.ts";
import { streamMain } from "./stream-main.ts";

type Quant = Program["input"]["quant"];

const RUN_MS = 1_200_000;

/** What a network's C answers on this machine: stored integers in the order of the graph's output. */
export async function answersInC(graph: Graph, feeds: readonly Tensor[], { isa, family }: { readonly isa: string; readonly family: KernelSet }): Promise<readonly Int8Array[]> {
  const { input, output } = valueOrThrow(lowerGraph(graph, family).program);
  const order = storedToLogical(input.layout);
  const places = storedToLogical(output.layout);
  const stdin = Buffer.concat(feeds.map((feed) => {
    const stored = integersOf(feed, input.quant);
    return Uint8Array.from(order, (index) => stored[index] ?? 0);
  }));
  const program = await buildHost({ files: [...(await libraryOf(graph, isa, family)).files, streamMain], compiler: "gcc" });
  const { code, stdout } = await program.run({ stdin, timeoutMs: RUN_MS });
  await program.remove();
  if (code !== 0 || stdout.length !== feeds.length * places.length) throw new Error(`the program ended with ${code} after ${stdout.length} bytes`);
  return feeds.map((_, sample) => {
    const answer = new Int8Array(places.length);
    for (const [stored, logical] of places.entries()) answer[logical] = stdout[sample * places.length + stored] ?? 0;
    return answer;
  });
}

/** The same from the reference interpreter. */
export function answersOfInterpreter(graph: Graph, feeds: readonly Tensor[]): readonly Int8Array[] {
  const { output } = valueOrThrow(lowerGraph(graph, "portable").program);
  const run = prepareInterpreter(graph);
  return feeds.map((feed) => {
    const answer = run(new Map([[graph.inputs[0] ?? "", feed]])).get(graph.outputs[0] ?? "");
    if (answer === undefined) throw new Error("the output was not computed");
    return integersOf(answer, output.quant);
  });
}

/** A float border's numbers are scale · (q - zero) of integers q. */
function integersOf({ dtype, data }: Tensor, quant: Quant): Int8Array {
  return Int8Array.from(data as ArrayLike<number>, (x) => dtype === "int8" ? x : storedOf(x, quant));
}
