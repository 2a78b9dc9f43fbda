import type { TaskContract } from "@edgewise/planner/schema";
import { type KotlinFacts, graphShape, reordered, storedAs } from "./facts.ts";

/** The class that an app talks to: `Classifier` where the contract ends in labels, else `Predictor`. */
export function modelType({ output }: Pick<TaskContract, "output">): "Classifier" | "Predictor" {
  return output.kind === "labels" ? "Classifier" : "Predictor";
}

/** Classifier.kt or Predictor.kt: the typed API of the task. */
export function modelSource(name: string, { contract, ports: { input, output }, layouts }: KotlinFacts): string {
  const type = modelType(contract);
  const labelled = contract.output.kind === "labels";
  const picture = contract.input.kind === "image";
  const [given, argument] = picture ? ["picture: Picture", "picture"] : ["values: DoubleArray", "values"];
  const shape = graphShape(output, layouts.output).join(", ");
  const run = `run(inputTensor(${argument}))`;
  return `package ${name}

import android.content.Context
${picture ? "import android.graphics.Bitmap\n" : ""}
/**
 * Turns ${picture ? "pictures" : "numbers"} into ${labelled ? "answers" : "numbers"}. Opening and running take time: call both off the main thread.
 * Close it after use.
 *
 * @property backend Where the model runs.
 * @property refusals Backends that were tried before, and why each refused the model.
 * @property threads Of the CPU's part; null where it has none.
${labelled ? " * @property labels Class names, in the order of the model's output.\n" : ""} */
public class ${type} private constructor(${labelled ? "\n    private val engine: Engine,\n    public val labels: List<String>,\n" : "private val engine: Engine"}) : AutoCloseable {
    public val backend: Backend get() = engine.backend
    public val refusals: List<Refusal> get() = engine.refusals
    public val threads: Int? get() = engine.threads
${labelled ? classify({ given, argument, picture }) : ""}
    /** The model's whole output, [${shape}]. */
    public fun predict(${given}): FloatArray = ${reordered(output, layouts.output) === null ? run : `channelsFirst(${run})`}
${picture && !labelled ? `
    /** The model's whole output, [${shape}]. */
    public fun predict(bitmap: Bitmap): FloatArray = predict(bitmap.toPicture())
` : ""}
    /** What \`inputTensor\` makes, [${input.shape.join(", ")}], to the model's output as the file has it, [${output.shape.join(", ")}]. */
    public fun run(tensor: ${storedAs(input)}): FloatArray = engine.run(tensor)

    override fun close() {
        engine.close()
    }

    public companion object {
        /**
         * Opens the model on the first of [backends] that takes it. One backend alone is never replaced by another.
         *
         * @throws ModelException.AssetMissing when a file of the library is not in the app.
         * @throws ModelException.NoBackend when every backend refuses the model.
         */
        public fun open(context: Context, backends: List<Backend> = plannedBackends): ${type} {
${labelled ? "            val labels = labelsOf(assetText(context, \"labels.txt\"))\n            return Classifier(Engine.open(context, backends), labels)" : "            return Predictor(Engine.open(context, backends))"}
        }
    }
}
`;
}

function classify({ given, argument, picture }: { readonly given: string; readonly argument: string; readonly picture: boolean }): string {
  return `${picture ? `
    /** What the bitmap shows, with all confidences. */
    public fun classify(bitmap: Bitmap): Classification = classify(bitmap.toPicture())
` : ""}
    /** ${picture ? "What the picture shows" : "What the numbers mean"}, with all confidences. */
    public fun classify(${given}): Classification = classificationOf(predict(${argument}), labels)
`;
}

/** BitmapPicture.kt: Android's pictures as the pure files take them. */
export function bitmapSource(name: string): string {
  return `package ${name}

import android.graphics.Bitmap

/**
 * The bitmap's pixels in its own size; preprocessing resizes as the model was evaluated.
 *
 * @throws ModelException.PictureNotReadable when it is recycled, or lies in graphics memory ([Bitmap.Config.HARDWARE]).
 */
public fun Bitmap.toPicture(): Picture {
    val argb = IntArray(width * height)
    try {
        getPixels(argb, 0, width, 0, 0, width, height)
    } catch (error: IllegalStateException) {
        throw ModelException.PictureNotReadable(error.message ?: "no reason given", error)
    }
    return Picture(argb, width, height)
}
`;
}
