import type { LabelsOutput } from "@edgewise/planner/schema";

/** Classification.kt: the model's numbers → labels with their confidences, best first. No Android import. */
export function answerSource(name: string, { labels, labelOffset, softmax, topK }: LabelsOutput): string {
  const numbers = labelOffset === 0 ? "output.size" : "output.size - LABEL_OFFSET";
  const number = labelOffset === 0 ? "output[it].toDouble()" : "output[LABEL_OFFSET + it].toDouble()";
  return `package ${name}

${softmax ? "import kotlin.math.exp\n\n" : ""}/**
 * One class of the model's answer.
 *
 * @property index Position in labels.txt.
 * @property confidence ${softmax ? "Probability, 0 to 1." : "The model's own number for this class."}
 */
public data class Answer(public val label: String, public val index: Int, public val confidence: Double)

/**
 * What the model says of one input.
 *
 * @property answers The ${topK === 1 ? "best class" : `${topK} best classes`}, best first; of equal ones the lower index, NaN last.
 * @property confidences Of every class, in the order of labels.txt.
 */
public class Classification internal constructor(
    public val answers: List<Answer>,
    public val confidences: List<Double>,
) {
    /** The class that the model holds most likely. */
    public val best: Answer get() = answers.first()
}

/** Classes that labels.txt names. */
internal const val LABEL_COUNT: Int = ${labels.length}

private const val TOP: Int = ${topK}
${labelOffset === 0 ? "" : `\n/** Outputs in front of the first class. */\nprivate const val LABEL_OFFSET: Int = ${labelOffset}\n`}
/**
 * One name a line.
 *
 * @throws ModelException.LabelCount when there are not [LABEL_COUNT] names.
 */
public fun labelsOf(text: String): List<String> {
    val labels = text.trimEnd('\\r', '\\n').lines()
    if (labels.size != LABEL_COUNT) throw ModelException.LabelCount(LABEL_COUNT, labels.size)
    return labels
}

/** The model's whole output, as \`predict\` gives it, with the names of [labels]. */
public fun classificationOf(output: FloatArray, labels: List<String>): Classification {
    val ${softmax ? "logits" : "confidences"} = DoubleArray(${numbers}) { ${number} }
${softmax ? "    val confidences = softmax(logits)\n" : ""}    fun rank(index: Int): Double = if (confidences[index].isNaN()) Double.NEGATIVE_INFINITY else confidences[index]
    val order = confidences.indices.sortedWith { a, b ->
        if (rank(a) == rank(b)) a.compareTo(b) else if (rank(a) > rank(b)) -1 else 1
    }
    val answers = order.take(TOP).map { Answer(labels.getOrElse(it) { at -> "$at" }, it, confidences[it]) }
    return Classification(answers, confidences.asList())
}
${softmax ? `
/** e^(x - max) / sum of e^(x - max): nothing overflows, all sum to one. */
private fun softmax(logits: DoubleArray): DoubleArray {
    val most = logits.fold(Double.NEGATIVE_INFINITY) { largest, logit -> maxOf(largest, logit) }
    val powers = DoubleArray(logits.size) { exp(logits[it] - most) }
    val total = powers.sum()
    return DoubleArray(powers.size) { powers[it] / total }
}
` : ""}`;
}
