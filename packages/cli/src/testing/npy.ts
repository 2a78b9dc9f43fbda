/** A NumPy array file of bytes, format 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export function npy(shape: readonly number[], data: Uint8Array | Float32Array): Uint8Array {
  const descr = data instanceof Float32Array ? "<f4" : "|u1";
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const header = Buffer.from(`${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`, "latin1");
  const head = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  return new Uint8Array(Buffer.concat([head, header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]));
}
