import { type Dim, type Graph, type Result, type Value, type ValueId, bindDims, ok, valueOf } from "@edgewise/graph";
import { type ShapeOptions, shapeProblem } from "./ports.ts";

/**
 * The graph with a shape for every value that holds at all stated shapes of its inputs: dims that vary are named, others
 * numbers.
 *
 *   shapes are propagated at each shape of a list, or at the least, the default and the largest size of a range (twice the
 *   default where nothing limits it); a dim that is the same at all of them does not vary
 *
 * Shapes that are not shapes of their input are left to its lowering. Errors: those of shape propagation, at the shape where a layer does not fit.
 */
export function withOpenShapes(graph: Graph, shapes: Readonly<Record<ValueId, ShapeOptions>>): Result<Graph> {
  const inputs = graph.inputs.filter((id) => shapes[id] !== undefined && shapeProblem(valueOf(graph, id), shapes[id]) === null);
  const samples = inputs.map((id) => samplesOf(shapes[id]));
  const values: ReadonlyMap<ValueId, Value>[] = [];
  for (let index = 0; index < Math.max(1, ...samples.map(({ length }) => length)); index++) {
    const sizes = Object.fromEntries(inputs.flatMap((id, input) => namedSizes(valueOf(graph, id), samples[input]?.[index] ?? samples[input]?.[0] ?? [])));
    const bound = bindDims(graph, sizes);
    if (!bound.ok) return bound;
    values.push(bound.value.values);
  }
  return ok({ ...graph, values: new Map([...graph.values].map(([id, value]) => [id, { ...value, shape: joined(id, values, value.shape) }])) });
}

function samplesOf(options: ShapeOptions | undefined): readonly (readonly number[])[] {
  if (options === undefined) return [];
  if (options.kind === "enumerated") return options.shapes;
  const { ranges, shape } = options;
  return [shape, ranges.map(({ low }) => low), ranges.map(({ high }, axis) => high ?? 2 * (shape[axis] ?? 1))];
}

function namedSizes({ shape }: Value, sizes: readonly number[]): readonly (readonly [string, number])[] {
  return (shape ?? []).flatMap((dim, axis): readonly (readonly [string, number])[] => typeof dim === "string" && sizes[axis] !== undefined ? [[dim, sizes[axis]]] : []);
}

function joined(id: ValueId, values: readonly ReadonlyMap<ValueId, Value>[], own: Value["shape"]): Value["shape"] {
  const [first, ...others] = values.map((each) => each.get(id)?.shape ?? null);
  if (first === null || first === undefined || others.some((shape) => shape?.length !== first.length)) return null;
  return first.map((dim, axis): Dim => {
    if (others.every((shape) => shape?.[axis] === dim)) return dim;
    const named = own?.[axis];
    return typeof named === "string" ? named : `${id}_dim${axis}`;
  });
}
