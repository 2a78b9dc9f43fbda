import type { TaskContract } from "@edgewise/planner/schema";
import { modelType } from "./model.ts";

/** SelfTest.kt: every golden vector on the backend that runs, with the class of what is wrong. */
export function selfTestSource({ library, app }: { readonly library: string; readonly app: string }, contract: TaskContract): string {
  const type = modelType(contract);
  const labelled = contract.output.kind === "labels";
  const shift = contract.output.kind === "labels" && contract.output.labelOffset > 0 ? ` + ${contract.output.labelOffset}` : "";
  const imports = ["android.content.Context", `${library}.Backend`, `${library}.${type}`, `${library}.Refusal`, `${library}.RefusalCause`, ...(labelled ? [`${library}.classificationOf`] : []), "kotlin.math.abs"].sort();
  return `package ${app}

${imports.map((one) => `import ${one}`).join("\n")}

/** What is wrong with a vector. */
internal enum class Fault(val words: String) {
    TENSOR("preprocessing makes another input than the reference's"),
    OUTPUT("outputs differ from the reference's by more than is allowed"),
${labelled ? "    ANSWER(\"the best class is another\"),\n" : ""}}

/**
 * What one vector proved.
 *
 * @property worstOfAllowed Largest difference as a share of what is allowed; null when it is no number.
 */
internal class Outcome(val name: String, val fault: Fault?, val worstOfAllowed: Double?) {
    override fun toString(): String = "\${if (fault == null) "PASS" else "FAIL"} $name: " +
        "\${fault?.words ?: "as the reference"}, largest difference \${worstOfAllowed ?: "unknown"} of what is allowed"
}

private const val OTHER_BUILD: String = "this build of LiteRT or of the model is not the one that was planned"

/** The golden vectors failed on this device; the message says where and why. */
internal class SelfTestFailed(message: String) : Exception(message)

/** What the golden vectors proved of one backend. */
internal class SelfTest(val backend: Backend, val outcomes: List<Outcome>) {
    val vectors: Int get() = outcomes.size
    val passed: Int get() = outcomes.count { it.fault == null }

    /** Null when no output was compared, or one could not be. */
    val worstOfAllowed: Double?
        get() = outcomes.map { it.worstOfAllowed ?: return null }.maxOrNull()

    /**
     * Proves that there are vectors and that all pass.
     *
     * @throws SelfTestFailed with the class of the cause: precision, when the CPU passes what another backend fails.
     */
    fun requirePassed(context: Context) {
        if (vectors > 0 && passed == vectors) return
        val lines = outcomes.filter { it.fault != null }.joinToString("\\n")
        throw SelfTestFailed("\${backend.id}: $passed of $vectors vectors pass. Cause: \${cause(context)}.\\n$lines")
    }

    private fun cause(context: Context): String {
        if (vectors == 0) return "the app has no vectors in assets/golden"
        if (outcomes.any { it.fault == Fault.TENSOR }) return Fault.TENSOR.words
        if (backend == Backend.CPU) return OTHER_BUILD
        val onCpu = ${type}.open(context, listOf(Backend.CPU)).use { run(it, context) }
        if (onCpu.passed < onCpu.vectors) return "the CPU fails too: $OTHER_BUILD"
        return Refusal(backend, RefusalCause.PRECISION, "the CPU passes all vectors").toString()
    }

    companion object {
        fun run(model: ${type}, context: Context): SelfTest =
            SelfTest(model.backend, goldenVectors(context).map { outcome(it, model, context) })

        private fun outcome(vector: GoldenVector, model: ${type}, context: Context): Outcome {
            val tensor = vector.tensor(context)
            val output = model.run(tensor)
            val share = worstOfAllowed(output, vector)
            val fault = when {
                !vector.isReferenceTensor(tensor) -> Fault.TENSOR
                share == null || share > 1 -> Fault.OUTPUT
${labelled ? "                !isSameAnswer(output, vector, model) -> Fault.ANSWER\n" : ""}                else -> null
            }
            return Outcome(vector.name, fault, share)
        }

        private fun worstOfAllowed(found: FloatArray, vector: GoldenVector): Double? {
            if (found.size != vector.output.size) return null
            val shares = found.indices.map { i ->
                val difference = abs(found[i] - vector.output[i])
                if (difference == 0.0) 0.0 else difference / vector.allowed[i]
            }
            return shares.maxOrNull()?.takeIf { it.isFinite() }
        }
${labelled ? `
        /** The reference's best class, or one that trails it there by less than what the two outputs may differ. */
        private fun isSameAnswer(found: FloatArray, vector: GoldenVector, model: ${type}): Boolean {
            val given = classificationOf(found, model.labels).best.index${shift}
            val best = vector.best${shift}
            if (given == best) return true
            return vector.output[best] - vector.output[given] <= vector.allowed[best] + vector.allowed[given]
        }
` : ""}    }
}
`;
}
