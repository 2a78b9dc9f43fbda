import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTflite, tfliteValueIds } from "@edgewise/formats/tflite";
import { type Graph, type Tensor, type ValueId, elementCount, interpret, prepareInterpreter, valueOf } from "@edgewise/graph";
import { ranking } from "@edgewise/preprocess";
import { type StepHistogram, addHistograms, stepHistogram } from "../../agreement/steps.ts";
import { corpus, valueOrThrow } from "../../testing/corpus.ts";
import { openLitert } from "../model.ts";
import type { LitertRuntime } from "../runtime.ts";
import { type FileOperator, operatorsOf, withOperator, withOutputs } from "./cut-file.ts";

/** An int8 file with the graph that is read from it, nothing rewritten: every tensor of the file is a value. */
export interface FileNet {
  readonly bytes: Uint8Array;
  readonly graph: Graph;
  readonly operators: readonly FileOperator[];
  /** Value of a tensor, by its index in the file. */
  readonly idOf: (tensor: number) => ValueId;
}

/** A network of the corpus. */
export function corpusFile(file: string): FileNet {
  return fileNet(new Uint8Array(readFileSync(join(corpus, "models", file))), file);
}

export function fileNet(bytes: Uint8Array, file: string): FileNet {
  const ids = tfliteValueIds(bytes);
  return { bytes, graph: valueOrThrow(readTflite(bytes, { file })), operators: operatorsOf(bytes), idOf: (tensor) => ids[tensor] ?? "" };
}

export type Feeds = ReadonlyMap<string, Tensor>;

/** The graph is int8 throughout: uint8 numbers of a file stand in it less 128. */
function asRead({ dtype, shape, data }: Tensor): Tensor {
  return dtype === "uint8" ? { dtype: "int8", shape, data: Int8Array.from(data as Uint8Array, (x) => x - 128) } : { dtype, shape, data };
}

function asFiled({ dtype, shape, data }: Tensor, port: { readonly dtype: Tensor["dtype"] } | undefined): Tensor {
  return port?.dtype === "uint8" && dtype === "int8" ? { dtype: "uint8", shape, data: Uint8Array.from(data as Int8Array, (x) => x + 128) } : { dtype, shape, data };
}

function known(values: Feeds, id: ValueId): Tensor {
  const value = values.get(id);
  if (value === undefined) throw new Error(`${id} was not computed`);
  return value;
}

/** Every operator alone on LiteRT, given the reference's own integers: distances of its stored integers, in the file's order. */
export async function operatorsBeside(net: FileNet, feeds: Feeds, runtime: LitertRuntime): Promise<readonly StepHistogram[]> {
  const fetch = [...new Set(net.operators.flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map(net.idOf)))];
  const values = interpret(net.graph, feeds, { fetch });
  const histograms: StepHistogram[] = [];
  for (const operator of net.operators) {
    const model = await openLitert(withOperator(net.bytes, operator), runtime);
    const answers = await model.run(operator.inputs.map((input, i) => asFiled(known(values, net.idOf(input)), model.inputs[i])));
    model.close();
    const stored = operator.outputs.flatMap((output, i) => {
      const [wanted, answer] = [known(values, net.idOf(output)), answers[i]];
      return answer === undefined || wanted.dtype === "float32" ? [] : [stepHistogram(wanted, asRead(answer))];
    });
    histograms.push(stored.reduce(addHistograms, [0]));
  }
  return histograms;
}

/** Operators behind the integers that rank the classes: Softmax, Dequantize, Quantize, Reshape. */
const behindScores: readonly number[] = [25, 6, 114, 22];

/** The tensor that ranks the classes: the output, or what stands before a softmax, which would hide or blow up what differs. */
function scoresOf({ operators }: FileNet): number {
  let tensor = operators.at(-1)?.outputs[0] ?? -1;
  for (let from = operators.at(-1); from !== undefined && behindScores.includes(from.code); from = operators.find(({ outputs }) => outputs.includes(tensor))) tensor = from.inputs[0] ?? -1;
  return tensor;
}

/** One network's answers on LiteRT beside the reference's. */
export interface Beside {
  readonly samples: number;
  /** Samples on which both name the same best class. */
  readonly sameBest: number;
  /** Of the others, those on which one of both has the other's best class level with its own: scores that tie are ordered by chance. */
  readonly tied: number;
  /** Distances of the integers that rank the classes. */
  readonly steps: StepHistogram;
  /** Right answers, where samples have labels. */
  readonly correct: { readonly reference: number; readonly litert: number } | null;
}

export interface BesideSample {
  readonly feeds: Feeds;
  readonly label: number | null;
}

/** The same inputs through the whole network on both; rounding differences of the layers add up on the way. */
export async function networkBeside(net: FileNet, samples: readonly BesideSample[], runtime: LitertRuntime): Promise<Beside> {
  const [scores, output] = [scoresOf(net), net.operators.at(-1)?.outputs[0] ?? -1];
  const run = prepareInterpreter(net.graph, { fetch: [net.idOf(scores), net.idOf(output)] });
  const model = await openLitert(withOutputs(net.bytes, [...new Set([scores, output])]), runtime);
  const counts = { sameBest: 0, tied: 0, reference: 0, litert: 0 };
  let steps: StepHistogram = [0];
  for (const { feeds, label } of samples) {
    const reference = run(feeds);
    const answers = (await model.run([asFiled(known(feeds, net.graph.inputs[0] ?? ""), model.inputs[0])])).map(asRead);
    const [mine, other] = [known(reference, net.idOf(scores)), answers[0]];
    const [right, answer] = [known(reference, net.idOf(output)), answers.at(-1)];
    if (other === undefined || answer === undefined) throw new Error("LiteRT gave no answer");
    steps = addHistograms(steps, stepHistogram(mine, other));
    if (best(mine) === best(other)) counts.sameBest += 1;
    else if (level(mine, best(other)) || level(other, best(mine))) counts.tied += 1;
    if (best(right) === label) counts.reference += 1;
    if (best(answer) === label) counts.litert += 1;
  }
  model.close();
  const { sameBest, tied, ...correct } = counts;
  return { samples: samples.length, sameBest, tied, steps, correct: samples.some(({ label }) => label !== null) ? correct : null };
}

function best({ data }: Tensor): number {
  return ranking(Array.from(data as ArrayLike<number>))[0] ?? -1;
}

/** Whether a class has the best class' score. */
function level(tensor: Tensor, index: number): boolean {
  return tensor.data[index] === tensor.data[best(tensor)];
}

/** Inputs over the whole int8 range that change slowly, as pictures and spectra do, with noise on them. */
export function wavyFeeds(graph: Graph, count: number): readonly Feeds[] {
  let state = 1;
  const noise = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % 65 - 32;
  };
  return Array.from({ length: count }, (_, sample) => new Map(graph.inputs.map((id): [string, Tensor] => {
    const shape = (valueOf(graph, id).shape ?? []).map(Number);
    const data = Int8Array.from({ length: elementCount(shape) }, (_element, i) => Math.max(-128, Math.min(127, Math.round(100 * Math.sin(sample + i / (5 + sample % 41))) + noise())));
    return [id, { dtype: "int8", shape, data }];
  })));
}
