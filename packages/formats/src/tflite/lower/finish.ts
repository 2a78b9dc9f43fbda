import { type Graph, type ValueId, invariant } from "@edgewise/graph";
import type { ProgramOperator, ProgramTensor, TfliteProgram } from "../program.ts";
import { type Emission, type Site, newTensor, reshapeInto, tensorAt, valueIn } from "./emission.ts";

/**
 * The program's outputs: each a tensor of its own under the value's name.
 *
 *   a tensor that is an input, a constant, or another output already is copied by a RESHAPE
 */
export function outputTensors(emission: Emission, site: Site | null): readonly number[] {
  const taken = new Set(emission.graph.inputs.map((id) => emission.held.get(id)?.[0]?.tensor));
  return emission.graph.outputs.map((id) => {
    const form = emission.layout.outputs.get(id);
    invariant(site !== null && form !== undefined, "an output that no node makes");
    const found = valueIn(site, id, form);
    if (!taken.has(found)) {
      taken.add(found);
      rename(emission, found, id);
      return found;
    }
    const { type, shape, quant } = tensorAt(site, found);
    const copy = newTensor(emission, `${id}.copy`, { type, shape, quant });
    reshapeInto(site, found, copy);
    return copy;
  });
}

function rename(emission: Emission, index: number, id: ValueId): void {
  const tensor = emission.tensors[index];
  const other = emission.tensors.findIndex(({ name }, i) => name === id && i !== index);
  if (tensor && other < 0) emission.tensors[index] = { ...tensor, name: id };
}

/** Tensors that hold a value under a name of ours get the value's. */
export function nameValues({ graph, held, tensors }: Emission): void {
  const taken = new Set(tensors.map(({ name }) => name));
  for (const [id, [first]] of held) {
    const tensor = first && tensors[first.tensor];
    if (!first || !tensor || taken.has(id) || graph.values.has(tensor.name) || tensor.data !== null) continue;
    tensors[first.tensor] = { ...tensor, name: id };
    taken.add(id);
  }
}

/** What is left of a program when what nobody needs is taken out; tensors in order of their first use. */
export interface Pruned {
  readonly program: TfliteProgram;
  /** Places in the old list of operators. */
  readonly kept: readonly number[];
}

export function pruned({ graph, tensors, operators }: { readonly graph: Pick<Graph, "name">; readonly tensors: readonly ProgramTensor[]; readonly operators: readonly ProgramOperator[] }, borders: { readonly inputs: readonly number[]; readonly outputs: readonly number[] }): Pruned {
  const needed = new Set(borders.outputs);
  const kept: number[] = [];
  for (let i = operators.length - 1; i >= 0; i--) {
    const each = operators[i];
    if (!each?.outputs.some((tensor) => needed.has(tensor))) continue;
    kept.unshift(i);
    for (const tensor of each.inputs) needed.add(tensor);
  }
  const order: number[] = [...borders.inputs];
  for (const i of kept) order.push(...(operators[i]?.inputs ?? []), ...(operators[i]?.outputs ?? []));
  order.push(...borders.outputs);
  const used = [...new Set(order)].filter((tensor) => tensor >= 0);
  const places = new Map(used.map((tensor, place) => [tensor, place]));
  const moved = (list: readonly number[]): readonly number[] => list.map((tensor) => places.get(tensor) ?? -1);
  return {
    kept,
    program: {
      name: graph.name, inputs: moved(borders.inputs), outputs: moved(borders.outputs),
      tensors: used.flatMap((tensor) => tensors.slice(tensor, tensor + 1)),
      operators: kept.flatMap((i) => operators.slice(i, i + 1)).map((each) => ({ ...each, inputs: moved(each.inputs), outputs: moved(each.outputs) })),
    },
  };
}
