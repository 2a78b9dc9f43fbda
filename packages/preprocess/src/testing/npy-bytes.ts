/** A `.npy` file, format 1.0, from numpy's type text, a shape and the data's bytes. */
export function npyBytes(descr: string, shape: readonly number[], data: Uint8Array): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set([0x93, ...[..."NUMPY"].map((letter) => letter.charCodeAt(0)), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set([...header].map((letter) => letter.charCodeAt(0)), 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}
