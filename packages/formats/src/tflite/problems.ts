import type { Diagnostic, Origin } from "@edgewise/graph";

/** Operators that cannot be lifted but whose purpose is clear, with what to do instead. */
const advice: Readonly<Record<string, string>> = {
  ARG_MAX: "Cut the model before ARG_MAX: the class is chosen from the scores by the answer contract.",
  ...Object.fromEntries(["IF", "WHILE", "CALL", "CALL_ONCE"].map((name) => [name, "Export the model without control flow: for inference, with a fixed number of steps."])),
  ...Object.fromEntries(["LSTM", "RNN", "SVDF", "UNIDIRECTIONAL_SEQUENCE_LSTM", "UNIDIRECTIONAL_SEQUENCE_RNN", "BIDIRECTIONAL_SEQUENCE_LSTM", "BIDIRECTIONAL_SEQUENCE_RNN", "VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE"]
    .map((name) => [name, "Use a model that keeps no state between inferences."])),
};

export interface UnsupportedOp {
  readonly name: string;
  readonly custom: boolean;
  /** How many operators of the file have this code. */
  readonly count: number;
}

/** One diagnostic for an operator code, at the first operator that has it. */
export function unsupportedOp(origin: Origin, { name, custom, count }: UnsupportedOp, known: readonly string[]): Diagnostic {
  return {
    code: "OP_UNSUPPORTED", severity: "error",
    subject: { kind: "node", file: origin.file, node: origin.node, op: name },
    summary: custom ? `The operator ${name} is not one of TensorFlow Lite's own` : `The operator ${name} is not supported`,
    found: `${name}, ${count} ${count === 1 ? "time" : "times"}`,
    expected: known.toSorted().join(", "),
    fix: advice[name] ?? "Replace this operator in the model by supported ones, and convert it again.",
  };
}

export function refusedUse(origin: Origin, op: string, about: { readonly why: string; readonly found?: string; readonly expected?: string; readonly fix?: string }): Diagnostic {
  const { why, fix, ...rest } = about;
  return {
    code: "OP_FORM_UNSUPPORTED", severity: "error",
    subject: { kind: "node", file: origin.file, node: origin.node, op },
    summary: `This use of ${op} is not supported: ${why}`,
    ...rest,
    fix: fix ?? "Convert the model again, for inference and with a recent converter.",
  };
}

export interface FileProblem {
  readonly code: string;
  readonly summary: string;
  readonly found?: string;
  readonly expected?: string;
  readonly byteOffset?: number;
  /** The tensor or operator it is about. */
  readonly keyPath?: string;
  readonly fix?: string;
}

export function fileProblem(file: string, about: FileProblem): Diagnostic {
  const { byteOffset, keyPath, fix, ...rest } = about;
  return {
    severity: "error",
    subject: { kind: "file", path: file, ...(byteOffset === undefined ? {} : { byteOffset }), ...(keyPath === undefined ? {} : { keyPath }) },
    fix: fix ?? "The file is broken or cut short: copy or convert it again.",
    ...rest,
  };
}
