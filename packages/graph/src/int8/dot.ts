/**
 * out[m][p] = Σ_k weights[m·depth + k] · patches[p·depth + k], int32 and exact: the inner loop of Conv and Gemm.
 *
 * weights [rows, depth], patches [columns, depth] → sums [rows, columns], all row-major. Four rows by two columns at
 * a time, so that a loaded number serves two or four products. Sums wrap at int32; with |patch| <= 255 and
 * |weight| <= 128 that takes a depth above 65,000, which the reference does not guard either.
 */
export interface DotOperands {
  readonly weights: Int8Array | Int16Array;
  readonly patches: Int16Array;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

export function dotProducts({ weights, patches, rows, columns, depth }: DotOperands): Int32Array {
  const sums = new Int32Array(rows * columns);
  const blockRows = rows - (rows % 4);
  const blockColumns = columns - (columns % 2);
  for (let p = 0; p < blockColumns; p += 2) {
    for (let m = 0; m < blockRows; m += 4) block(sums, { weights, patches, columns, depth, m, p });
  }
  for (let m = 0; m < rows; m++) {
    for (let p = m < blockRows ? blockColumns : 0; p < columns; p++) {
      let sum = 0;
      for (let k = 0, w = m * depth, x = p * depth; k < depth; k++) {
        // Indices stay inside both arrays: k < depth.
        sum = (sum + Math.imul(weights[w++] as number, patches[x++] as number)) | 0;
      }
      sums[m * columns + p] = sum;
    }
  }
  return sums;
}

interface Block {
  readonly weights: Int8Array | Int16Array;
  readonly patches: Int16Array;
  readonly columns: number;
  readonly depth: number;
  readonly m: number;
  readonly p: number;
}

/** Eight sums: rows m to m + 3 by columns p and p + 1. Indices stay inside both arrays, hence the casts. */
function block(sums: Int32Array, { weights, patches, columns, depth, m, p }: Block): void {
  let a0 = 0, a1 = 0, b0 = 0, b1 = 0, c0 = 0, c1 = 0, d0 = 0, d1 = 0;
  let wa = m * depth, wb = wa + depth, wc = wb + depth, wd = wc + depth;
  let xa = p * depth, xb = xa + depth;
  for (let k = 0; k < depth; k++) {
    const x0 = patches[xa++] as number, x1 = patches[xb++] as number;
    const a = weights[wa++] as number, b = weights[wb++] as number;
    const c = weights[wc++] as number, d = weights[wd++] as number;
    a0 = (a0 + Math.imul(a, x0)) | 0;
    a1 = (a1 + Math.imul(a, x1)) | 0;
    b0 = (b0 + Math.imul(b, x0)) | 0;
    b1 = (b1 + Math.imul(b, x1)) | 0;
    c0 = (c0 + Math.imul(c, x0)) | 0;
    c1 = (c1 + Math.imul(c, x1)) | 0;
    d0 = (d0 + Math.imul(d, x0)) | 0;
    d1 = (d1 + Math.imul(d, x1)) | 0;
  }
  const at = m * columns + p;
  sums[at] = a0;
  sums[at + 1] = a1;
  sums[at + columns] = b0;
  sums[at + columns + 1] = b1;
  sums[at + 2 * columns] = c0;
  sums[at + 2 * columns + 1] = c1;
  sums[at + 3 * columns] = d0;
  sums[at + 3 * columns + 1] = d1;
}
