import { type Dim, type Fact, type Node, OpError } from "@edgewise/graph";
import { decodeTensor, ops } from "@edgewise/graph/ops";
import { dtypeByNumber } from "./dtypes.ts";
import type { ValueInfoProto } from "./proto.ts";
import type { StoredTensor } from "./tensor.ts";

/** Shapes, axes and pads have at most two numbers per dim; longer contents are data. */
const MAX_KNOWN_ELEMENTS = 64;

/** What is known of values while the file is being read: a lift may need the rank of what it rewrites. */
export interface KnownFacts {
  /** Null for a value of which neither a shape rule nor the file says anything. */
  factOf(id: string): Fact | null;
  /** Applies the shape rule of a node whose inputs have been seen. */
  see(node: Node): void;
}

/** Shape rules first, then the file's annotations, which may be stale or missing. */
export function knownFacts(constants: ReadonlyMap<string, StoredTensor>, annotations: ReadonlyMap<string, ValueInfoProto>): KnownFacts {
  const inferred = new Map<string, Fact>();
  const factOf = (id: string): Fact | null => {
    const constant = constants.get(id);
    if (constant !== undefined) return constantFact(constant);
    const fact = inferred.get(id);
    if (fact !== undefined && fact.shape !== null) return fact;
    return annotated(annotations.get(id), id) ?? fact ?? null;
  };
  const see = (node: Node): void => {
    try {
      const facts = ops[node.op].infer(node.inputs.map((id) => id === null ? null : factOf(id) ?? unknown), node.attrs, node.outputs.length);
      node.outputs.forEach((id, index) => {
        const fact = facts[index];
        if (fact !== undefined) inferred.set(id, fact);
      });
    } catch (error) {
      if (!(error instanceof OpError)) throw error; // reported by shape propagation, with every other conflict
    }
  };
  return { factOf, see };
}

const unknown: Fact = { dtype: "float32", shape: null, elements: null };

function constantFact({ dtype, shape, bytes }: StoredTensor): Fact {
  const small = (dtype === "int64" || dtype === "int32") && bytes.length <= MAX_KNOWN_ELEMENTS * 8;
  return { dtype, shape, elements: small ? Array.from(decodeTensor(dtype, shape, bytes).data, Number) : null };
}

function annotated(info: ValueInfoProto | undefined, id: string): Fact | null {
  const dtype = info?.elementType === null || info?.elementType === undefined ? null : dtypeByNumber[info.elementType] ?? null;
  if (info === undefined || dtype === null) return null;
  return { dtype, shape: info.dims === null ? null : info.dims.map((dim, axis) => statedDim(dim) ?? `${id}_dim${axis}`), elements: null };
}

/** A dim that the file states: a positive size, or a name. Exporters write 0 and −1 for sizes they do not know. */
export function statedDim(dim: number | string | null): Dim | null {
  return typeof dim === "string" || (dim !== null && dim > 0) ? dim : null;
}
