import { type Diagnostic, type OpName, type Origin } from "@edgewise/graph";
import { ops } from "@edgewise/graph/ops";

/** Op types that the vocabulary does not have but whose purpose is clear, with what to do instead. */
const advice: Readonly<Record<string, string>> = {
  Loop: "Export the model without control flow (trace it instead of scripting it).",
  If: "Export the model without control flow (trace it instead of scripting it).",
  Scan: "Export the model without control flow (trace it instead of scripting it).",
  QLinearConv: "Export the quantized model in QDQ form (QuantizeLinear and DequantizeLinear around float ops).",
  QLinearMatMul: "Export the quantized model in QDQ form (QuantizeLinear and DequantizeLinear around float ops).",
  ConvInteger: "Export the quantized model in QDQ form (QuantizeLinear and DequantizeLinear around float ops).",
  DynamicQuantizeLinear: "Quantize statically: dynamic ranges cannot be planned.",
};

export function isOpName(opType: string): opType is OpName {
  return Object.hasOwn(ops, opType);
}

export function unsupportedOp(origin: Origin, opType: string, domain: string): Diagnostic {
  const custom = domain !== "" && domain !== "ai.onnx";
  return {
    code: "OP_UNSUPPORTED", severity: "error",
    subject: { kind: "node", file: origin.file, node: origin.node, op: opType },
    summary: custom ? `The op ${domain}.${opType} is not a standard ONNX op` : `The op ${opType} is not in the vocabulary`,
    found: custom ? `${domain}.${opType}` : opType,
    expected: Object.keys(ops).filter((name) => name !== "Quantize" && name !== "Dequantize").sort().join(", "),
    fix: advice[opType] ?? "Replace this op in the model by ops of the vocabulary, and export it again.",
  };
}

export function refusedUse(origin: Origin, opType: string, why: string): Diagnostic {
  return {
    code: "OP_FORM_UNSUPPORTED", severity: "error",
    subject: { kind: "node", file: origin.file, node: origin.node, op: opType },
    summary: `This use of ${opType} is not supported: ${why}`,
    fix: "Export the model for inference, with a newer operator set if there is one.",
  };
}

export function brokenFile(file: string, about: Pick<Diagnostic, "code" | "summary"> & { readonly found?: string; readonly expected?: string; readonly byteOffset?: number; readonly fix?: string }): Diagnostic {
  const { byteOffset, fix, ...rest } = about;
  return {
    severity: "error",
    subject: { kind: "file", path: file, ...(byteOffset === undefined ? {} : { byteOffset }) },
    fix: fix ?? "The file is broken or cut short: copy or export it again.",
    ...rest,
  };
}
