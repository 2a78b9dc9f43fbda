import { type Diagnostic, type Graph, type Result, elementCount, fail, ok, valueOf } from "@edgewise/graph";

/** A tensor that enters or leaves the model: float32, of fixed shape. */
export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
  readonly elements: number;
}

export interface Ports {
  readonly input: Port;
  readonly output: Port;
}

/** The one input and one output that the Swift package feeds and reads. Errors: COREML_PORTS, COREML_PORT_TYPE, COREML_PORT_SHAPE. */
export function portsOf(graph: Graph, path: string): Result<Ports> {
  const [input, output] = [graph.inputs[0], graph.outputs[0]];
  if (input === undefined || output === undefined || graph.inputs.length !== 1 || graph.outputs.length !== 1) {
    return fail(portError(path, {
      code: "COREML_PORTS", summary: "The Swift package serves models of one input and one output", found: `${graph.inputs.length} inputs, ${graph.outputs.length} outputs`,
      expected: "1 and 1", fix: "Export the model with the one input and output that the task's contract describes.",
    }));
  }
  const ports = { input: portOf(graph, input, path), output: portOf(graph, output, path) };
  if (!ports.input.ok) return ports.input;
  return ports.output.ok ? ok({ input: ports.input.value, output: ports.output.value }) : ports.output;
}

function portOf(graph: Graph, name: string, path: string): Result<Port> {
  const { dtype, shape } = valueOf(graph, name);
  const errors: Diagnostic[] = [];
  if (dtype !== "float32") errors.push(portError(path, { code: "COREML_PORT_TYPE", summary: `${name} is not float32`, found: dtype, expected: "float32", fix: "Export the model with float32 inputs and outputs; inside it may be int8 or float16." }));
  const dims = (shape ?? []).filter((dim) => typeof dim === "number");
  if (shape === null || dims.length !== shape.length) errors.push(portError(path, { code: "COREML_PORT_SHAPE", summary: `The shape of ${name} is open`, found: `[${(shape ?? []).join(", ")}]`, expected: "a fixed size", fix: "State it under models: … bind." }));
  return errors.length > 0 ? fail(...errors) : ok({ name, shape: dims, elements: elementCount(dims) });
}

function portError(path: string, words: Omit<Diagnostic, "severity" | "subject">): Diagnostic {
  return { severity: "error", subject: { kind: "file", path }, ...words };
}
