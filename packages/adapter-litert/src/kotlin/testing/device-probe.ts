/**
 * Device.kt: the emitted app on pretended devices, one JSON object a line. It lies in the app's module, and so sees its
 * internal classes. The model is a table: for the tensor of a golden vector it gives the reference's output.
 */
export function deviceProbeSource({ library, app, type, stored }: { readonly library: string; readonly app: string; readonly type: string; readonly stored: "FloatArray" | "ByteArray" }): string {
  return `package ${app}

import android.content.Context
import android.content.res.StubAssets
import android.graphics.Bitmap
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.LiteRtException
import com.google.ai.edge.litert.StubDevice
import com.google.ai.edge.litert.TensorBufferType
import ${library}.Backend
import ${library}.${type}
import ${library}.ModelException
import ${library}.OUTPUT_SIZE
import ${library}.Picture
import ${library}.Refusal
import ${library}.inputTensor
import ${library}.toPicture
import java.io.File
import org.json.JSONArray
import org.json.JSONObject

private val context = Context()

private val everything = setOf(Accelerator.CPU, Accelerator.GPU, Accelerator.NPU)

/** What the reference answers, moved by [shift] times what is allowed. */
private fun reference(shift: Double): (Any) -> Any {
    val vectors = goldenVectors(context)
    val table = vectors.map { it.tensor(context) to it }
    return { input ->
        val vector = table.firstOrNull { (tensor, _) -> tensor.contentEquals(input as ${stored}) }?.second ?: vectors.first()
        FloatArray(vector.output.size) { i -> (vector.output[i] + shift * vector.allowed[i]).toFloat() }
    }
}

private fun reset() {
    StubDevice.accelerators = everything
    StubDevice.npuIsSupported = true
    StubDevice.compileErrors = mapOf()
    StubDevice.borders = mapOf(Accelerator.NPU to TensorBufferType.DmaBuf)
    StubDevice.asked = listOf()
    if (goldenVectors(context).isEmpty()) return
    val right = reference(shift = 0.5)
    StubDevice.compute = { _, input -> right(input) }
}

private fun json(refusals: List<Refusal>): JSONArray =
    JSONArray(refusals.map { JSONObject().put("backend", it.backend.id).put("cause", it.cause.id).put("message", it.message) })

private fun say(name: String, prepare: () -> Unit, work: () -> JSONObject) {
    reset()
    prepare()
    val found = try {
        work()
    } catch (error: ModelException.NoBackend) {
        JSONObject().put("error", "NoBackend").put("refusals", json(error.refusals))
    } catch (error: ModelException) {
        JSONObject().put("error", error.javaClass.simpleName)
    } catch (error: SelfTestFailed) {
        JSONObject().put("error", "SelfTestFailed").put("message", error.message)
    }
    found.put("asked", JSONArray(StubDevice.asked.map { asked -> asked.joinToString { it.name } }))
    println(found.put("name", name).put("open", StubDevice.openHandles).put("gpuPrecision", StubDevice.gpuPrecision?.name ?: JSONObject.NULL).put("threads", StubDevice.cpuThreads ?: JSONObject.NULL))
}

private fun opened(backends: List<Backend>? = null): JSONObject {
    val model = if (backends == null) ${type}.open(context) else ${type}.open(context, backends)
    return model.use { JSONObject().put("ran", it.backend.id).put("refusals", json(it.refusals)) }
}

private fun refusing(vararg errors: Pair<Accelerator, Throwable>): () -> Unit = { StubDevice.compileErrors = mapOf(*errors) }

fun main(args: Array<String>) {
    StubAssets.folder = File(args[0])
    val failed = LiteRtException(3, "Failed to compile model")
    say("the NPU takes it", {}) { opened() }
    say("an unknown chip", { StubDevice.npuIsSupported = false }) { opened() }
    say("no vendor library", { StubDevice.accelerators = setOf(Accelerator.CPU, Accelerator.GPU) }) { opened() }
    say("the CPU in the NPU's place", { StubDevice.borders = mapOf() }) { opened() }
    say("a library that does not load", refusing(Accelerator.NPU to UnsatisfiedLinkError("no litert_jni"))) { opened() }
    say("a status alone", refusing(Accelerator.NPU to LiteRtException(504, "Failed to compile model"))) { opened() }
    say("a type", refusing(Accelerator.NPU to LiteRtException(1001, "Failed"))) { opened() }
    say("a shape", refusing(Accelerator.NPU to LiteRtException(5001, "Failed"))) { opened() }
    say("an old driver", refusing(Accelerator.NPU to LiteRtException(4000, "Failed"))) { opened() }
    say("no reason", refusing(Accelerator.NPU to failed)) { opened() }
    say("words of operators", refusing(Accelerator.NPU to LiteRtException(3, "Some ops are not accelerated."))) { opened() }
    say("down to the CPU", refusing(Accelerator.NPU to failed, Accelerator.GPU to LiteRtException(502, "Failed"))) { opened() }
    say("nowhere", refusing(Accelerator.NPU to failed, Accelerator.GPU to failed, Accelerator.CPU to failed)) { opened() }
    say("one backend alone", refusing(Accelerator.GPU to failed)) { opened(listOf(Backend.GPU)) }
    say("a status of tomorrow", refusing(Accelerator.NPU to IllegalArgumentException("Unknown status code: 9999"))) { opened() }
    say("no model", { StubAssets.folder = File(args[0], "nothing") }) { opened() }
    StubAssets.folder = File(args[0])
    say("a bitmap", {}) { bitmap() }
    say("a bitmap in graphics memory", {}) { ${type}.open(context).use { JSONObject().put("size", it.predict(Bitmap(2, 2, null).toPicture()).size) } }
    say("a run that fails", { StubDevice.compute = { _, _ -> throw failed } }) { selfTest() }
    say("another number of outputs", { StubDevice.compute = { _, _ -> FloatArray(1) } }) { selfTest() }
    say("the self-test", {}) { selfTest() }
    val wrong = reference(shift = 1.5)
    say("a wrong NPU", { StubDevice.compute.let { right -> StubDevice.compute = { on, input -> if (on == Accelerator.NPU) wrong(input) else right(on, input) } } }) { selfTest() }
    say("wrong everywhere", { StubDevice.compute = { _, input -> wrong(input) } }) { selfTest() }
    say("not a number", { StubDevice.compute = { _, _ -> FloatArray(goldenVectors(context)[0].output.size) { Float.NaN } } }) { selfTest() }
    say("the benchmark", refusing(Accelerator.NPU to failed)) { JSONObject().put("results", benchmark().run(context)) }
    say("a clock", {}) { clock() }
    say("a process without numbers", {}) { JSONObject().put("highWater", highWaterBytes(File(args[0], "none")) ?: JSONObject.NULL) }
    say("the benchmark of wrong answers", { StubDevice.compute = { _, input -> wrong(input) } }) { JSONObject().put("results", benchmark().run(context)) }
    StubAssets.folder = File(args[1])
    say("another preprocessing", {}) { selfTest() }
    StubAssets.folder = File(args[2])
    StubDevice.compute = { _, _ -> FloatArray(OUTPUT_SIZE) }
    say("no vectors", {}) { selfTest() }
    say("the benchmark without vectors", {}) { JSONObject().put("results", benchmark().run(context)) }
}

/** Calls that take 1, 2, ... 100 ms. */
private fun clock(): JSONObject {
    var now = 0L
    var calls = 0
    val timing = timingOf(Effort(warmUpRuns = 1, runs = 100, seconds = 0.0), { now }) {
        now += if (calls == 0) 5_000_000_000 else calls * 1_000_000L
        calls++
    }
    return JSONObject().put("timing", JSONArray(listOf(timing.warmUpRuns, timing.runs, timing.durationMs, timing.p50Ms, timing.p95Ms)))
}

/** A bitmap and the picture that it holds have one answer. */
private fun bitmap(): JSONObject = ${type}.open(context).use { model ->
    val argb = IntArray(12 * 5) { 0x7F000000 or (it * 40_507) }
    val (drawn, picture) = Pair(Bitmap(12, 5, argb), Picture(argb, 12, 5))
    JSONObject().put("same", inputTensor(drawn.toPicture()).contentEquals(inputTensor(picture)) && model.classify(drawn).answers == model.classify(picture).answers)
}

private fun benchmark() = Benchmark(burst = Effort(3, 40, 0.02), sustained = Effort(0, 1, 0.05))

private fun selfTest(): JSONObject = ${type}.open(context).use { model ->
    val test = SelfTest.run(model, context)
    test.requirePassed(context)
    JSONObject().put("vectors", test.vectors).put("passed", test.passed).put("worst", test.worstOfAllowed ?: JSONObject.NULL)
}
`;
}

/** Sensor.kt: the self-test of an app on numbers, on a CPU that gives the reference's output for the reference's input. */
export function selfTestProbeSource({ library, app, type }: { readonly library: string; readonly app: string; readonly type: string }): string {
  return `package ${app}

import android.content.Context
import android.content.res.StubAssets
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.StubDevice
import ${library}.${type}
import java.io.File

fun main(args: Array<String>) {
    StubAssets.folder = File(args[0])
    StubDevice.accelerators = setOf(Accelerator.CPU)
    val context = Context()
    StubDevice.compute = { _, input ->
        val vector = goldenVectors(context).first { it.isReferenceTensor(input as FloatArray) }
        FloatArray(vector.output.size) { vector.output[it].toFloat() }
    }
    ${type}.open(context).use { model ->
        val test = SelfTest.run(model, context)
        test.outcomes.forEach { println(it) }
        test.requirePassed(context)
    }
}
`;
}
