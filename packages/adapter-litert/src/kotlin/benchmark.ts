import type { KotlinFacts } from "./facts.ts";
import { storedAs } from "./facts.ts";
import { modelType } from "./model.ts";
import { kotlinString, packageLeaf } from "./names.ts";

/** Timing.kt: percentiles of calls one after the other. No Android import. */
export function timingSource(app: string): string {
  return `package ${app}

/**
 * Wall time of calls one after the other.
 *
 * @property runs Calls that were timed; [durationMs] spans them.
 */
internal class Timing(val warmUpRuns: Int, val runs: Int, val durationMs: Double, val p50Ms: Double, val p95Ms: Double)

/** How long to time: at least so often and so long, after [warmUpRuns] calls that do not count. */
internal class Effort(val warmUpRuns: Int, val runs: Int, val seconds: Double)

private const val NANOS_PER_MS: Double = 1e6

/** Times [call]; [nanos] is the clock. */
internal fun timingOf(effort: Effort, nanos: () -> Long = System::nanoTime, call: () -> Unit): Timing {
    repeat(effort.warmUpRuns) { call() }
    val times = mutableListOf<Long>()
    val start = nanos()
    var end = start
    while (times.size < effort.runs || end - start < effort.seconds * 1e9) {
        val before = nanos()
        call()
        end = nanos()
        times += end - before
    }
    times.sort()
    fun at(share: Double): Double = times[minOf(times.size - 1, (share * times.size).toInt())] / NANOS_PER_MS
    return Timing(effort.warmUpRuns, times.size, (end - start) / NANOS_PER_MS, at(0.5), at(0.95))
}
`;
}

/** Benchmark.kt: self-test, burst and sustained timing, as the JSON that \`plan measure --import\` reads. */
export function benchmarkSource({ library, app }: { readonly library: string; readonly app: string }, { candidate, contract, ports: { input }, model }: KotlinFacts): string {
  const type = modelType(contract);
  const text = kotlinString;
  const imports = ["android.content.Context", "android.os.Build", "android.os.PowerManager", `${library}.Backend`, `${library}.${type}`, `${library}.INPUT_SIZE`, `${library}.LITERT_VERSION`, `${library}.Refusal`, "java.io.File", "org.json.JSONArray", "org.json.JSONObject"].sort();
  return `package ${app}

${imports.map((one) => `import ${one}`).join("\n")}

/** Runs the golden vectors and times the model: from a cool device at once, then without a pause until it is warm. */
internal class Benchmark(
    private val burst: Effort = Effort(warmUpRuns = 10, runs = 100, seconds = 2.0),
    private val sustained: Effort = Effort(warmUpRuns = 0, runs = 1, seconds = 120.0),
) {
    /**
     * One JSON object for \`plan measure --import\`. [progress] hears what the JSON has no place for: the device's heat.
     *
     * @throws SelfTestFailed when the model gives wrong answers: how fast they come is of no use.
     */
    fun run(context: Context, progress: (String) -> Unit = {}): JSONObject = ${type}.open(context).use { model ->
        model.refusals.forEach { progress("refused by $it") }
        progress("running on the \${model.backend.id}, \${heat(context)}")
        val test = SelfTest.run(model, context)
        if (test.vectors > 0) test.requirePassed(context)
        val tensor = ${storedAs(input)}(INPUT_SIZE)
        val quick = timingOf(burst) { model.run(tensor) }
        progress("burst done, \${heat(context)}")
        val long = timingOf(sustained) { model.run(tensor) }
        progress("sustained done, \${heat(context)}")
        resultsOf(context, model, test).put("burst", json(quick)).put("sustained", json(long))
            .put("memoryHighWaterBytes", highWaterBytes() ?: JSONObject.NULL)
    }

    private fun resultsOf(context: Context, model: ${type}, test: SelfTest): JSONObject = JSONObject()
        .put("version", 1)
        .put("target", ${text(candidate.target)})
        .put("candidate", ${text(candidate.id)})
        .put("device", JSONObject().put("id", ${text(candidate.device)}).put("reported", Build.MODEL))
        .put("os", JSONObject().put("name", "Android").put("version", Build.VERSION.RELEASE))
        .put("runtime", JSONObject().put("id", ${text(candidate.runtime)}).put("version", LITERT_VERSION))
        .put("backend", JSONObject().put("asked", ${text(candidate.backend)}).put("ran", model.backend.id))
        .put("fallbacks", JSONArray(model.refusals.map { json(it) }))
        .put("threads", model.threads ?: JSONObject.NULL)
        .put("model", modelJson(context))
        .put("selfTest", json(test))
        .put("placement", placement(model.backend))
        .put("energyJoulesPerInference", JSONObject.NULL)

    /** The digest is that of the file in the app. */
    private fun modelJson(context: Context): JSONObject {
        val bytes = context.assets.open(${text(`${packageLeaf(candidate.target)}/model.tflite`)}).use { it.readBytes() }
        return JSONObject().put("file", ${text(model.file)}).put("sha256", sha256(bytes)).put("precision", ${text(candidate.precision)})
    }

    private fun json(refusal: Refusal): JSONObject = JSONObject()
        .put("backend", refusal.backend.id)
        .put("cause", refusal.cause.id)
        .put("message", refusal.message.take(MAX_MESSAGE))

    private fun json(test: SelfTest): JSONObject = JSONObject()
        .put("vectors", test.vectors)
        .put("passed", test.passed)
        .put("worstOfAllowed", test.worstOfAllowed ?: JSONObject.NULL)

    private fun json(timing: Timing): JSONObject = JSONObject()
        .put("warmUpRuns", timing.warmUpRuns)
        .put("runs", timing.runs)
        .put("durationMs", timing.durationMs)
        .put("p50Ms", timing.p50Ms)
        .put("p95Ms", timing.p95Ms)

${placementFunction(candidate.backend)}
    /** The device's own word for its heat: 0 is cool, from 3 on it slows down. */
    private fun heat(context: Context): String {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return "thermal status unknown"
        return "thermal status \${context.getSystemService(PowerManager::class.java).currentThermalStatus}"
    }
}

/** Characters of a message that results take. */
private const val MAX_MESSAGE: Int = 2000

/** Most memory the process had at once, as Linux counts it; null where it does not say. */
internal fun highWaterBytes(status: File = File("/proc/self/status")): Long? {
    val line = runCatching { status.readLines() }.getOrNull()?.firstOrNull { it.startsWith("VmHWM:") }
    return line?.filter { it.isDigit() }?.toLongOrNull()?.times(1024)
}
`;
}

/** A model that was asked for on the GPU alone compiles only when all of it runs there; of the NPU LiteRT says nothing. */
function placementFunction(backend: string): string {
  if (backend !== "gpu" && backend !== "npu") return `    /** The CPU runs all of it: nothing is delegated. */
    private fun placement(backend: Backend): Any = JSONObject.NULL.also { check(backend == Backend.CPU) }
`;
  return `    /** On the GPU alone a model compiles only when all of it runs there; of other backends LiteRT does not say. */
    private fun placement(backend: Backend): Any = if (backend == Backend.GPU) {
        JSONObject()
            .put("fullyDelegated", true)
            .put("layers", JSONObject.NULL)
            .put("delegatedLayers", JSONObject.NULL)
            .put("delegatedMacsFraction", 1)
    } else {
        JSONObject.NULL
    }
`;
}
