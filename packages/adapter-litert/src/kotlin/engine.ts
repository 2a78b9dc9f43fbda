import type { Precision } from "@edgewise/planner/schema";
import { LITERT_VERSION } from "../runtime.ts";
import { chainOf } from "./backend.ts";
import { acceleratorCases, backendOptions, npuEnvironment, npuMemory, nnapiBranch, plainEnvironment, threadsProperty } from "./engine-backends.ts";
import { type KotlinFacts, storedAs } from "./facts.ts";
import { kotlinString, packageLeaf } from "./names.ts";

/** Precisions whose promised tolerance 11 bits of every intermediate number would break. */
const needsFloat32: readonly Precision[] = ["float32", "int8-weights", "int8-dynamic"];

/** Engine.kt: opens the model on the first backend of the chain that takes it, and runs it. The one file that speaks to LiteRT. */
export function engineSource(name: string, { candidate, ports: { input, output } }: KotlinFacts): string {
  const chain = chainOf(candidate.backend);
  const [fed, given] = [storedAs(input), storedAs(output)];
  const write = fed === "FloatArray" ? "writeFloat" : "writeInt8";
  const read = given === "FloatArray" ? "readFloat" : "readInt8";
  const has = (backend: string): boolean => chain.includes(backend);
  const imports = [
    "android.content.Context", ...(has("NPU") ? ["android.os.Build"] : []), "com.google.ai.edge.litert.Accelerator",
    ...(has("NPU") ? ["com.google.ai.edge.litert.BuiltinNpuAcceleratorProvider"] : []), "com.google.ai.edge.litert.CompiledModel", "com.google.ai.edge.litert.Environment",
    "com.google.ai.edge.litert.LiteRtException", ...(has("NPU") ? ["com.google.ai.edge.litert.TensorBufferType"] : []), "java.io.FileNotFoundException",
  ];
  return `package ${name}

${imports.map((one) => `import ${one}`).join("\n")}

/** Folder of the library's assets. */
private const val ASSETS: String = ${kotlinString(packageLeaf(candidate.target))}

private const val MODEL_ASSET: String = "$ASSETS/model.tflite"

/** The version of LiteRT that the library is built with. */
public const val LITERT_VERSION: String = ${kotlinString(LITERT_VERSION)}

/** Threads of what the CPU computes: phones have about four fast cores, and LiteRT's own default is one thread. */
private val cpuThreads: Int = minOf(4, Runtime.getRuntime().availableProcessors())

/** The model on one backend. Calls run one after the other. */
internal class Engine private constructor(
    val backend: Backend,
    val refusals: List<Refusal>,
    private val environment: Environment,
    private val model: CompiledModel,
) : AutoCloseable {
${threadsProperty(has("GPU"))}
    private val inputs = model.createInputBuffers()
    private val outputs = model.createOutputBuffers()

    @Synchronized
    fun run(tensor: ${fed}): FloatArray {
        if (tensor.size != INPUT_SIZE) throw ModelException.InputCount(INPUT_SIZE, tensor.size)
        try {
            inputs[0].${write}(tensor)
            model.run(inputs, outputs)
            return outputNumbers(outputs[0].${read}())
        } catch (error: LiteRtException) {
            throw ModelException.RunFailed(backend, wordsOf(error), error)
        }
    }

    @Synchronized
    override fun close() {
        inputs.forEach { it.close() }
        outputs.forEach { it.close() }
        model.close()
        environment.close()
    }

    companion object {
        /**
         * Asks the backends in order; each is asked alone, so that LiteRT cannot run the model elsewhere in silence.
         *
         * @throws ModelException.AssetMissing when the model is not in the app.
         * @throws ModelException.NoBackend when every backend refuses the model.
         */
        fun open(context: Context, backends: List<Backend>): Engine {
            requireAsset(context, MODEL_ASSET)
            val refusals = mutableListOf<Refusal>()
            for (backend in backends) {
                try {
                    return on(backend, context, refusals.toList())
                } catch (refused: Refused) {
                    refusals += refused.refusal
                } catch (error: LiteRtException) {
                    refusals += Refusal(backend, refusalCause(statusOf(error), wordsOf(error)), wordsOf(error))
                } catch (error: IllegalArgumentException) {
                    // A status that LiteRT's own Kotlin classes do not know yet.
                    refusals += Refusal(backend, RefusalCause.OTHER, wordsOf(error))
                } catch (error: LinkageError) {
                    refusals += Refusal(backend, RefusalCause.MISSING_LIBRARY, wordsOf(error))
                }
            }
            throw ModelException.NoBackend(refusals)
        }
${has("NNAPI") ? nnapiBranch : ""}
        private fun on(backend: Backend, context: Context, refusals: List<Refusal>): Engine {
${has("NNAPI") ? "            requireCompiledModel(backend)\n" : ""}            val environment = environmentFor(${has("NPU") ? "backend, " : ""}context)
            try {
                requireAccelerator(environment, backend)
                val model = CompiledModel.create(context.assets, MODEL_ASSET, optionsFor(backend), environment)
                try {
${has("NPU") ? "                    if (backend == Backend.NPU) requireNpuMemory(model)\n" : ""}                    return Engine(backend, refusals, environment, model)
                } catch (error: Throwable) {
                    model.close()
                    throw error
                }
            } catch (error: Throwable) {
                environment.close()
                throw error
            }
        }

${has("NPU") ? npuEnvironment : plainEnvironment}
        /** A library that is not in the app registers no accelerator; LiteRT says so in the log alone. */
        private fun requireAccelerator(environment: Environment, backend: Backend) {
            if (acceleratorOf(backend) in environment.getAvailableAccelerators()) return
            val words = "LiteRT found no library for the \${backend.id} in the app"
            throw Refused(Refusal(backend, RefusalCause.MISSING_LIBRARY, words))
        }
${has("NPU") ? npuMemory(input.name, output.name) : ""}
        private fun acceleratorOf(backend: Backend): Accelerator = when (backend) {
${acceleratorCases(chain)}
        }

        private fun optionsFor(backend: Backend): CompiledModel.Options {
            val options = CompiledModel.Options(acceleratorOf(backend))
${backendOptions({ gpu: has("GPU"), float32: needsFloat32.includes(candidate.precision) })}            return options
        }
    }
}

/** A refusal that LiteRT itself does not raise. */
private class Refused(val refusal: Refusal) : Exception(refusal.message)

/** @throws ModelException.AssetMissing */
private fun requireAsset(context: Context, asset: String) {
    try {
        context.assets.open(asset).close()
    } catch (missing: FileNotFoundException) {
        throw ModelException.AssetMissing(asset, missing)
    }
}

/** Text of an asset of the library. */
internal fun assetText(context: Context, file: String): String {
    val asset = "$ASSETS/$file"
    requireAsset(context, asset)
    return context.assets.open(asset).use { it.readBytes().decodeToString() }
}

/** The name of LiteRT's status code, which its interface does not show; null where a version keeps it elsewhere. */
private fun statusOf(error: LiteRtException): String? = try {
    val field = LiteRtException::class.java.getDeclaredField("status")
    field.isAccessible = true
    (field.get(error) as? Enum<*>)?.name
} catch (_: ReflectiveOperationException) {
    null
}

private fun wordsOf(error: Throwable): String = error.message ?: error.javaClass.simpleName
`;
}
