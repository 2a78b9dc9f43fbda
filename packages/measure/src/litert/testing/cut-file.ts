/** Field numbers of a TensorFlow Lite file; source: schema.fbs in github.com/tensorflow/tensorflow, tensorflow/compiler/mlir/lite/schema. */
const model = { operatorCodes: 1, subgraphs: 2, buffers: 4, signatures: 7 } as const;
const subgraph = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;
const operatorCode = { deprecated: 0, code: 3 } as const;
const operator = { code: 0, inputs: 1, outputs: 2 } as const;
const tensor = { buffer: 2 } as const;
const buffer = { data: 0 } as const;

/** One operator of a file; tensors by their index. */
export interface FileOperator {
  /** Place in the file. */
  readonly index: number;
  /** Number in the enum BuiltinOperator. */
  readonly code: number;
  /** Tensors that are computed or fed, without those that the file holds. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Places in a FlatBuffer: a table's field, what an offset points at, and elements of vectors. */
class Cursor {
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Place of a table's field, 0 when it is left out. */
  field(table: number, number: number): number {
    const vtable = table - this.view.getInt32(table, true);
    const offset = 4 + 2 * number < this.view.getUint16(vtable, true) ? this.view.getUint16(vtable + 4 + 2 * number, true) : 0;
    return offset === 0 ? 0 : table + offset;
  }

  follow(place: number): number {
    return place + this.view.getUint32(place, true);
  }

  /** Places of a vector's elements of 4 bytes; none when the field is left out. */
  elements(table: number, number: number): readonly number[] {
    const place = this.field(table, number);
    if (place === 0) return [];
    const vector = this.follow(place);
    return Array.from({ length: this.view.getUint32(vector, true) }, (_, i) => vector + 4 + 4 * i);
  }

  tables(table: number, number: number): readonly number[] {
    return this.elements(table, number).map((place) => this.follow(place));
  }

  int32s(table: number, number: number): readonly number[] {
    return this.elements(table, number).map((place) => this.view.getInt32(place, true));
  }

  get root(): number {
    return this.follow(0);
  }

  get main(): number {
    const [first] = this.tables(this.root, model.subgraphs);
    if (first === undefined) throw new Error("no subgraph");
    return first;
  }
}

export function operatorsOf(bytes: Uint8Array): readonly FileOperator[] {
  const at = new Cursor(bytes);
  const buffers = at.tables(at.root, model.buffers).map((table) => at.elements(table, buffer.data).length > 0 || at.field(table, buffer.data) !== 0 && at.view.getUint32(at.follow(at.field(table, buffer.data)), true) > 0);
  const stored = at.tables(at.main, subgraph.tensors).map((table) => {
    const place = at.field(table, tensor.buffer);
    return buffers[place === 0 ? 0 : at.view.getUint32(place, true)] === true;
  });
  const codes = at.tables(at.root, model.operatorCodes).map((table) => {
    const [old, wide] = [at.field(table, operatorCode.deprecated), at.field(table, operatorCode.code)];
    return Math.max(old === 0 ? 0 : at.view.getInt8(old), wide === 0 ? 0 : at.view.getInt32(wide, true));
  });
  return at.tables(at.main, subgraph.operators).map((table, index) => {
    const place = at.field(table, operator.code);
    return {
      index, code: codes[place === 0 ? 0 : at.view.getUint32(place, true)] ?? -1,
      inputs: at.int32s(table, operator.inputs).filter((input) => input >= 0 && stored[input] !== true),
      outputs: at.int32s(table, operator.outputs),
    };
  });
}

/** The file with other tensors as its outputs. */
export function withOutputs(bytes: Uint8Array, outputs: readonly number[]): Uint8Array {
  const at = new Cursor(bytes);
  return withPorts(bytes, { inputs: at.int32s(at.main, subgraph.inputs), outputs });
}

/** The file with one operator only, fed and read at its own tensors. */
export function withOperator(bytes: Uint8Array, { index, inputs, outputs }: FileOperator): Uint8Array {
  const cut = withPorts(bytes, { inputs, outputs });
  const at = new Cursor(cut);
  const [first, wanted] = [at.elements(at.main, subgraph.operators)[0], at.tables(at.main, subgraph.operators)[index]];
  if (first === undefined || wanted === undefined) throw new Error(`no operator ${index}`);
  at.view.setUint32(first - 4, 1, true);
  at.view.setUint32(first, wanted - first, true);
  return cut;
}

/** New lists of inputs and outputs stand behind the file's end; signatures, which name others, are gone. */
function withPorts(bytes: Uint8Array, { inputs, outputs }: { readonly inputs: readonly number[]; readonly outputs: readonly number[] }): Uint8Array {
  const end = 4 * Math.ceil(bytes.length / 4);
  const lists = Int32Array.from([inputs.length, ...inputs, outputs.length, ...outputs]);
  const longer = new Uint8Array(end + lists.byteLength);
  longer.set(bytes);
  longer.set(new Uint8Array(lists.buffer), end);
  const at = new Cursor(longer);
  const [from, to] = [at.field(at.main, subgraph.inputs), at.field(at.main, subgraph.outputs)];
  at.view.setUint32(from, end - from, true);
  at.view.setUint32(to, end + 4 + 4 * inputs.length - to, true);
  const signatures = at.field(at.root, model.signatures);
  if (signatures !== 0) at.view.setUint32(at.follow(signatures), 0, true);
  return longer;
}
