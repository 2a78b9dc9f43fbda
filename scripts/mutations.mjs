/**
 * Faults that the tests must notice. `node scripts/mutate.mjs [id …]` puts each into a scratch copy of the sources and
 * expects the named test, green without it, to turn red.
 *
 * Kept to tests that need nothing but Node, save the last two, which need a C compiler.
 */
export const mutations = [
  {
    id: "fixed-point-rounding", file: "packages/graph/src/int8/fixed-point.ts",
    find: "(a & 0xffff) * b + 1073741824", replace: "(a & 0xffff) * b",
    test: "packages/graph/src/int8/fixed-point.test.ts", name: "highMul is the doubled high half of the exact product",
  },
  {
    id: "quantize-zero-point-sign", file: "packages/graph/src/int8/affine.ts",
    find: "clampTo(by.zeroPoint + roundAway(steps), min, max)", replace: "clampTo(roundAway(steps) - by.zeroPoint, min, max)",
    test: "packages/graph/src/int8/affine.test.ts", name: "a number inside the range returns within half a step",
  },
  {
    id: "arena-offset-shifted", file: "packages/graph/src/memory/arena.ts",
    find: "cursor = Math.ceil(high / alignment) * alignment;", replace: "cursor = Math.max(0, Math.ceil(high / alignment) - 1) * alignment;",
    test: "packages/graph/src/memory/arena.test.ts", name: "blocks alive together never overlap",
  },
  {
    id: "batch-norm-epsilon-dropped", file: "packages/graph/src/passes/fuse-batch-norm.ts",
    find: "Math.sqrt((variance.data[i] ?? 0) + epsilon)", replace: "Math.sqrt(variance.data[i] ?? 0)",
    test: "packages/graph/src/passes/fuse-batch-norm.test.ts", name: "scales the rows of the weights",
  },
  {
    id: "activation-fused-past-reader", file: "packages/graph/src/passes/fuse-activation.ts",
    find: " || uses.onlyConsumer(input) !== node) return null;", replace: ") return null;",
    test: "packages/graph/src/passes/fuse-activation.test.ts", name: "does not apply when the result before is read twice",
  },
  {
    id: "onnx-path-leaves-folder", file: "packages/formats/src/onnx/external.ts",
    find: ' && part !== "." && part !== ".."', replace: ' && part !== "."',
    test: "packages/formats/src/onnx/read.test.ts", name: "refuses the location",
  },
  {
    id: "opset-table-off-by-one", file: "packages/formats/src/onnx/lift/softmax.ts",
    find: "context.opset >= 13", replace: "context.opset >= 12",
    test: "packages/formats/src/onnx/lift/lift.test.ts", name: "Softmax over flattened dims",
  },
  {
    id: "round-half-down", file: "packages/preprocess/src/resize/resample.ts",
    find: "Math.floor((2 * (accumulated[x] ?? 0) + total) / (2 * total))", replace: "Math.floor((accumulated[x] ?? 0) / total)",
    test: "packages/preprocess/src/resize/resample.test.ts", name: "a half is rounded up",
  },
  {
    id: "area-counts-whole-pixels", file: "packages/preprocess/src/resize/area.ts",
    find: "Math.min(end, (pixel + 1) * targetPx) - Math.max(start, pixel * targetPx)", replace: "targetPx",
    test: "packages/preprocess/src/resize/resample.test.ts", name: "32 px is the exact mean of covered pixels",
  },
  {
    id: "exif-orientation-dropped", file: "packages/preprocess/src/image/orient.ts",
    find: "if (orientation === 1) return pixels;", replace: "if (orientation >= 1) return pixels;",
    test: "packages/preprocess/src/image/decode.test.ts", name: "puts what was left at the",
  },
  {
    id: "halves-swapped", file: "packages/preprocess/src/data/split-halves.ts",
    find: "% 2 === 1", replace: "% 2 === 0",
    test: "packages/preprocess/src/data/split-halves.test.ts", name: "copies of one sample are in the same half",
  },
  {
    id: "npy-size-unchecked", file: "packages/preprocess/src/data/npy.ts",
    find: "bytes.length - dataAt !== elements * width", replace: "bytes.length - dataAt > elements * width",
    test: "packages/preprocess/src/data/npy.test.ts", name: "a shape that the bytes do not fill is refused",
  },
  {
    id: "kib-is-1000", file: "packages/planner/src/schema/quantity.ts",
    find: "KiB: 1024,", replace: "KiB: 1000,",
    test: "packages/planner/src/schema/quantity.test.ts", name: "binary prefixes are powers of 1024",
  },
  {
    id: "evidence-of-the-strongest", file: "packages/planner/src/cost/estimate.ts",
    find: "strengthOf(b) < strengthOf(a) ? b : a", replace: "strengthOf(b) > strengthOf(a) ? b : a",
    test: "packages/planner/src/cost/cost.test.ts", name: "is as weak as its weakest input",
  },
  {
    id: "reason-dropped", file: "packages/planner/src/search/feasible.ts",
    find: "reasons.push(...memoryReasons(facts.memory, device));", replace: "memoryReasons(facts.memory, device);",
    test: "packages/planner/src/plan-laws.test.ts", name: "the choice and the order of all that could replace it",
  },
  {
    id: "budget-relaxed", file: "packages/planner/src/search/feasible.ts",
    find: "{ relation, limit }: Budget, { low, high }: Estimate", replace: "{ relation, limit }: Budget, { low, expected: high }: Estimate",
    test: "packages/planner/src/plan-laws.test.ts", name: "the choice and the order of all that could replace it",
  },
  {
    id: "limit-itself-refused", file: "packages/planner/src/search/feasible.ts",
    find: "high > limit : low < limit", replace: "high >= limit : low < limit",
    test: "packages/planner/src/plan-laws.test.ts", name: "the inequality of every reason is violated",
  },
  {
    id: "tolerance-ignored", file: "packages/planner/src/search/rank.ts",
    find: "return best >= 0 ? best * (1 + tolerance) : best * (1 - tolerance);", replace: "return best + 0 * tolerance;",
    test: "packages/planner/src/plan-laws.test.ts", name: "the choice and the order of all that could replace it",
  },
  {
    id: "wilson-at-90-percent", file: "packages/planner/src/statistics/wilson.ts",
    find: "1.959963984540054", replace: "1.6448536269514722",
    test: "packages/planner/src/statistics/statistics.test.ts", name: "is the published one",
  },
  {
    id: "stopped-one-sample-early", file: "packages/planner/src/statistics/decide-rate.ts",
    find: "wilson(correct + available - samples, available).low", replace: "wilson(Math.max(0, correct + available - samples - 1), available).low",
    test: "packages/planner/src/statistics/statistics.test.ts", name: "never differs from the verdict on all samples",
  },
  {
    id: "manifest-digest-unchecked", file: "packages/adapter/src/check-files.ts",
    find: "found === sha256 ?", replace: "found.length === sha256.length ?",
    test: "packages/adapter/src/check-files.test.ts", name: "one changed byte is named",
  },
  {
    id: "mcu-layout-transposed", file: "packages/adapter-mcu/src/layout.ts",
    find: "[0, ...shape.map((_, axis) => axis).slice(2), 1]", replace: "[0, ...shape.map((_, axis) => axis).slice(2).reverse(), 1]",
    test: "packages/adapter-mcu/src/layout.test.ts", name: "a picture lies row by row, the channels of a pixel side by side",
  },
  {
    id: "c-clamp-missing", file: "packages/adapter-mcu/src/kernels/arithmetic.ts",
    find: "return (int8_t)(x < low ? low : x > high ? high : x);", replace: "return (int8_t)(x + 0 * (low + high));",
    test: "packages/adapter-mcu/src/bit-exact.cc.test.ts", name: "with gcc.*portable: each op in its odd forms",
  },
  {
    id: "c-activation-limits-dropped", file: "packages/adapter-mcu/src/kernels/arithmetic.ts",
    find: "return (int8_t)(x < low ? low : x > high ? high : x);", replace: "return (int8_t)(x < -128 ? -128 : x > 127 ? 127 : x + 0 * (low + high));",
    test: "packages/adapter-mcu/src/bit-exact.cc.test.ts", name: "with gcc.*portable: each op in its odd forms",
  },
  {
    id: "arena-replaces-anywhere", file: "packages/graph/src/memory/buffer.ts",
    find: "return [{ low, high: offset }, { low: offset, high }];", replace: "return [{ low: offset, high }];",
    test: "packages/graph/src/memory/arena.test.ts", name: "a block that may only replace its partner lies from its start or apart from it",
  },
  {
    id: "proof-accepts-a-step-too-early", file: "packages/adapter-mcu/src/epilogue/proof.ts",
    find: "!(candidate(x - 1) < level)", replace: "!(candidate(x - 1) <= level)",
    test: "packages/adapter-mcu/src/epilogue/affine.test.ts", name: "a wrong multiplier, bias or addend is refused",
  },
  {
    id: "threshold-one-late", file: "packages/adapter-mcu/src/epilogue/thresholds.ts",
    find: "while (x > min && referenceOf(channel, x - 1) >= level) x--;", replace: "while (x > min && referenceOf(channel, x - 1) > level) x--;",
    test: "packages/adapter-mcu/src/epilogue/thresholds.test.ts", name: "each is the smallest sum that reaches its level",
  },
  {
    id: "dead-channel-loses-its-share", file: "packages/graph/src/passes/int8/drop-channels.ts",
    find: "shares[m] = share * low;", replace: "shares[m] = share * low * 0;",
    test: "packages/graph/src/passes/int8/drop-channels.test.ts", name: "an all-zero filter goes",
  },
  {
    id: "dead-channel-forgets-the-borders", file: "packages/graph/src/passes/int8/drop-channels.ts",
    find: "if (sum !== null && here !== sum) return null;", replace: "if (sum !== null && here !== sum) continue;",
    test: "packages/graph/src/passes/int8/drop-channels.test.ts", name: "a padded Conv takes a constant beside the zero point only when",
  },
  {
    id: "tflite-reads-without-end", file: "packages/formats/src/tflite/flat.ts",
    find: "file.budget.bytes -= count;", replace: "file.budget.bytes -= 0 * count;",
    test: "packages/formats/src/tflite/hostile.test.ts", name: "may not be read again and again",
  },
  {
    id: "thumb-lanes-overflow", file: "packages/adapter-mcu/src/isa/thumb/lane-stream.ts",
    find: "bytes.push(w + 128)", replace: "bytes.push((w + 127) & 255)",
    test: "packages/adapter-mcu/src/isa/thumb/lane-stream.test.ts", name: "lanes never mix",
  },
  {
    id: "dsp-carry-of-the-wrong-pair", file: "packages/adapter-mcu/src/isa/dsp/depthwise-kernel.ts",
    find: "l->columns, 4 * band.steps);", replace: "l->columns, 4 * (pairs - 1));",
    test: "packages/adapter-mcu/src/bit-exact.cc.test.ts", name: "with gcc.*dsp: each op in its odd forms",
  },
  {
    id: "dsp-weights-in-the-wrong-half", file: "packages/adapter-mcu/src/isa/dsp/pair-stream.ts",
    find: "(low & 0xffff) | (high << 16)", replace: "(high & 0xffff) | (low << 16)",
    test: "packages/adapter-mcu/src/bit-exact.cc.test.ts", name: "with gcc.*dsp: each op in its odd forms",
  },
  {
    id: "dsp-border-tap-inside", file: "packages/adapter-mcu/src/isa/dsp/conv-kernel.ts",
    find: "k >= from && k < to ? in[k]", replace: "k >= from && k <= to ? in[k]",
    test: "packages/adapter-mcu/src/bit-exact.cc.test.ts", name: "with gcc.*dsp: each op in its odd forms",
  },
  {
    id: "assembly-rounds-down", file: "packages/adapter-mcu/src/isa/dsp/conv-assembly.ts",
    find: "smmulr  ${r}, ${r}, ${multiplier}", replace: "smmul   ${r}, ${r}, ${multiplier}",
    test: "packages/adapter-mcu/src/bit-exact.qemu.test.ts", name: "dsp on cortex-m4: each op in its odd forms",
  },
];
