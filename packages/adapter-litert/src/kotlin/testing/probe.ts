import { packageName } from "../names.ts";
import type { KotlinCase } from "./cases.ts";

/**
 * Probe.kt of one library: reads every input of a folder, writes what preprocessing, dequantization and answers make of it.
 *
 *   <n>.<width>x<height>.rgba, <n>.values (float64)  →  <n>.input, as the buffer holds it, or <n>.error with the exception's name
 *   <n>.stored                                       →  <n>.output (float32, the graph's order), <n>.answer (index, label, confidence a line)
 *
 * Numbers are big-endian, as Java writes them. It lies in the library's module, and so sees its internal functions.
 */
export function probeSource({ target, contract, input, output, outputLayout }: KotlinCase): string {
  const picture = contract.input.kind === "image";
  const bytesOf = (type: string, name: string): string => type === "INT8" ? name : `floats(${name})`;
  const numbers = outputLayout === "nhwc" ? "channelsFirst(outputNumbers(stored))" : "outputNumbers(stored)";
  return `package ${packageName(target)}

import java.io.File
import java.nio.ByteBuffer

public fun probe(folder: File) {
    for (file in folder.listFiles().orEmpty().sorted()) {
        fun write(kind: String, bytes: ByteArray): Unit = File(folder, "\${file.name.substringBefore('.')}.$kind").writeBytes(bytes)
        try {
            when (file.extension) {
                "${picture ? "rgba" : "values"}" -> write("input", ${bytesOf(input.type, picture ? "inputTensor(pictureOf(file))" : "inputTensor(valuesOf(file))")})
                "stored" -> {
                    val stored = ${output.type === "INT8" ? "file.readBytes()" : "storedOf(file)"}
                    val numbers = ${numbers}
                    write("output", floats(numbers))
${contract.output.kind === "labels" ? "                    write(\"answer\", answerOf(numbers).toByteArray())\n" : ""}                }
            }
        } catch (error: ModelException) {
            write("error", error.javaClass.simpleName.toByteArray())
        }
    }
}

private fun floats(numbers: FloatArray): ByteArray {
    val buffer = ByteBuffer.allocate(4 * numbers.size)
    numbers.forEach { buffer.putFloat(it) }
    return buffer.array()
}
${picture ? pictureReader : valuesReader}${output.type === "INT8" ? "" : storedReader}${contract.output.kind === "labels" ? answerWriter(contract.output.labels) : ""}`;
}

const pictureReader = `
private fun pictureOf(file: File): Picture {
    val (width, height) = file.name.split('.')[1].split('x').map { it.toInt() }
    return Picture.ofRgba(file.readBytes(), width, height)
}
`;

const valuesReader = `
private fun valuesOf(file: File): DoubleArray {
    val buffer = ByteBuffer.wrap(file.readBytes())
    return DoubleArray(buffer.capacity() / 8) { buffer.getDouble(8 * it) }
}
`;

const storedReader = `
private fun storedOf(file: File): FloatArray {
    val buffer = ByteBuffer.wrap(file.readBytes())
    return FloatArray(buffer.capacity() / 4) { buffer.getFloat(4 * it) }
}
`;

function answerWriter(labels: readonly string[]): string {
  return `
private fun answerOf(numbers: FloatArray): String {
    val classification = classificationOf(numbers, labelsOf(LABELS))
    check(classification.best == classification.answers.first())
    return classification.answers.joinToString("\\n") { "\${it.index}\\t\${it.label}\\t\${it.confidence}" } +
        "\\n" + classification.confidences.joinToString("\\t")
}

private const val LABELS: String = ${JSON.stringify(labels.join("\n") + "\n").replaceAll("$", "\\$")}
`;
}

/** Main.kt: every probe on its own folder below the first argument. */
export function probeMain(cases: readonly KotlinCase[]): string {
  return `import java.io.File

fun main(args: Array<String>) {
    val folder = File(args[0])
${cases.map(({ target }) => `    ${packageName(target)}.probe(File(folder, "${target}"))`).join("\n")}
}
`;
}
