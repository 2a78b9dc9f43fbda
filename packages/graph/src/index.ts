export { type Diagnostic, type Result, type Subject, fail, ok } from "./diagnostic.ts";
export { type DType, type DTypeInfo, dtypes, packedBytes } from "./dtype.ts";
export { type Attr, type Attrs, type Constant, type Dim, type Graph, type Node, type Origin, type Value, type ValueId, valueOf } from "./graph.ts";
export { invariant } from "./invariant.ts";
export { type Fact, type OpDef, OpError, type OpName, type QTensor, type Work } from "./op.ts";
export { type Quant, sameQuant } from "./quant.ts";
export { type Tensor, type TensorData, allocate, elementCount, zeros } from "./tensor.ts";
