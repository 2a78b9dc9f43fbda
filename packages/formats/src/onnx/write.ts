import { type Graph, type ValueId, invariant } from "@edgewise/graph";
import { isSafeLocation } from "./external.ts";
import { encodeModel } from "./write/encode.ts";
import { layOutExternal } from "./write/external.ts";
import { NEW_FORMS } from "./write/form.ts";
import { lowerGraph } from "./write/lower.ts";
import { LOWEST_OPSET, NEWEST_OPSET, irVersionFor, opsetFor } from "./write/opset.ts";

export interface WriteOnnxOptions {
  /** Written as producer_name. */
  readonly producer?: string;
  /** Values of the graph to return beside its outputs. */
  readonly fetch?: readonly ValueId[];
  /** At least this operator set; left out, the lowest that expresses the graph. */
  readonly opset?: number;
  /** Constants of at least `thresholdBytes` go to a second file, `location` relative to the model. */
  readonly external?: { readonly location: string; readonly thresholdBytes: number };
}

export interface WrittenOnnx {
  readonly model: Uint8Array;
  /** Bytes of the second file; null when none was asked for. */
  readonly external: Uint8Array | null;
  readonly opset: number;
  readonly irVersion: number;
}

/**
 * Writes a graph as an ONNX file in the lowest operator set, from 13, that expresses it, and the IR version of that set.
 * Quantization facts become Q/DQ pairs in the type of the value (int8 for activations that we quantize). The bytes are a
 * function of the arguments alone.
 */
export function writeOnnx(graph: Graph, options: WriteOnnxOptions = {}): WrittenOnnx {
  invariant(options.opset === undefined || options.opset <= NEWEST_OPSET, `operator sets up to ${NEWEST_OPSET} can be written`);
  invariant(options.external === undefined || isSafeLocation(options.external.location), "external data stands below the model's folder");
  const [asked, fetch] = [options.opset ?? LOWEST_OPSET, options.fetch ?? []];
  const oldest = lowerGraph(graph, { opset: asked, fetch });
  const opset = Math.max(opsetFor(oldest.nodes), asked);
  const file = asked < NEW_FORMS && opset >= NEW_FORMS ? lowerGraph(graph, { opset, fetch }) : oldest;
  const irVersion = irVersionFor(opset);
  const external = options.external === undefined ? null : layOutExternal(file.tensors, options.external);
  const model = encodeModel(file, { opset, irVersion, external, producer: options.producer ?? "edgewise", metadata: graph.metadata });
  return { model, external: external?.data ?? null, opset, irVersion };
}
