import type { Attr } from "@edgewise/graph";
import type { ExternalData } from "./external.ts";
import type { NodeProto } from "./proto.ts";
import { type StoredTensor, type TensorProblem, storedTensor } from "./tensor.ts";

export interface NodeAttributes {
  readonly attrs: Readonly<Record<string, Attr>>;
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  /** Attributes of kinds the IR does not hold: graphs, types, sparse tensors. */
  readonly refused: readonly string[];
  readonly problems: readonly TensorProblem[];
}

export function readAttributes(node: NodeProto, external: ExternalData | undefined): NodeAttributes {
  const attrs = new Map<string, Attr>();
  const tensors = new Map<string, StoredTensor>();
  const refused: string[] = [];
  const problems: TensorProblem[] = [];
  for (const attribute of node.attributes) {
    switch (attribute.kind) {
      case "float": attrs.set(attribute.name, attribute.float); break;
      case "int": attrs.set(attribute.name, attribute.int); break;
      case "string": attrs.set(attribute.name, attribute.string); break;
      case "floats": attrs.set(attribute.name, attribute.floats); break;
      case "ints": attrs.set(attribute.name, attribute.ints); break;
      case "strings": attrs.set(attribute.name, attribute.strings); break;
      case "tensor": {
        const tensor = attribute.tensor === null ? null : storedTensor(attribute.tensor, external);
        if (tensor === null) refused.push(attribute.name);
        else if ("code" in tensor) problems.push(tensor);
        else tensors.set(attribute.name, tensor);
        break;
      }
      case "other": refused.push(attribute.name); break;
      default: attribute.kind satisfies never;
    }
  }
  return { attrs: Object.fromEntries(attrs), tensors: Object.fromEntries(tensors), refused, problems };
}
