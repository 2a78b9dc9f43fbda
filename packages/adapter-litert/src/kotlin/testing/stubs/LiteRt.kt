// Stubs of the classes of com.google.ai.edge.litert:litert 2.3.0 that emitted files use, with the signatures of the public API:
// ai.google.dev/edge/api/litert/kotlin. No network is run: StubDevice says what each accelerator does.
package com.google.ai.edge.litert

import android.content.Context
import android.content.res.AssetManager

/** What the stubs pretend to be. */
object StubDevice {
    var accelerators: Set<Accelerator> = setOf(Accelerator.CPU)
    var npuIsSupported: Boolean = false
    var compileErrors: Map<Accelerator, Throwable> = mapOf()
    var borders: Map<Accelerator, TensorBufferType> = mapOf()
    var asked: List<Set<Accelerator>> = listOf()
    var gpuPrecision: CompiledModel.GpuOptions.Precision? = null
    var cpuThreads: Int? = null
    var openHandles: Int = 0

    /** Stored input to stored output: FloatArray or ByteArray, by accelerator. */
    var compute: (Accelerator, Any) -> Any = { _, input -> input }
}

enum class Accelerator(val value: Int) { NONE(0), CPU(1), GPU(2), NPU(3) }

class LiteRtException(private val status: Status, message: String) : Exception(message) {
    constructor(code: Int, message: String) : this(Status.fromCode(code), message)

    /** Keeps the compiler from finding the status unused; the public API does not show it. */
    internal val isOk: Boolean get() = status == Status.Ok
}

enum class Status(val code: Int) {
    Ok(0),
    ErrorRuntimeFailure(3),
    ErrorUnsupported(5),
    ErrorDynamicLoading(502),
    ErrorCompilation(504),
    ErrorInvalidIrType(1001),
    ErrorUnsupportedRuntimeVersion(4000),
    ErrorShapeInferenceFailed(5001);

    companion object {
        fun fromCode(code: Int): Status = requireNotNull(entries.firstOrNull { it.code == code })
    }
}

abstract class JniHandle internal constructor() : AutoCloseable {
    private var closed = false

    init {
        StubDevice.openHandles++
    }

    final override fun close() {
        if (!closed) StubDevice.openHandles--
        closed = true
    }

    protected fun requireOpen() = check(!closed) { "The handle has been destroyed." }
}

class Environment private constructor() : JniHandle() {
    enum class Option(val value: Int) { CompilerPluginLibraryDir(0), DispatchLibraryDir(1) }

    @Throws(LiteRtException::class)
    fun getAvailableAccelerators(): Set<Accelerator> = StubDevice.accelerators

    companion object {
        @Throws(LiteRtException::class)
        @JvmOverloads
        @JvmStatic
        fun create(context: Context, options: Map<Option, String> = mapOf(), enableCompilerCache: Boolean = true): Environment {
            require(context.cacheDir.path.isNotEmpty() && options.isEmpty() && enableCompilerCache)
            return Environment()
        }

        @Throws(LiteRtException::class)
        @JvmOverloads
        @JvmStatic
        fun create(
            context: Context,
            npuAcceleratorProvider: NpuAcceleratorProvider,
            options: Map<Option, String> = mapOf(),
            enableCompilerCache: Boolean = true,
        ): Environment {
            require(npuAcceleratorProvider.isLibraryReady())
            return create(context, options, enableCompilerCache)
        }
    }
}

interface NpuAcceleratorProvider {
    fun isDeviceSupported(): Boolean
    fun isLibraryReady(): Boolean
    suspend fun downloadLibrary()
    fun getLibraryDir(): String
}

interface NpuCompatibilityChecker {
    fun isDeviceSupported(): Boolean

    companion object {
        val Default: NpuCompatibilityChecker = object : NpuCompatibilityChecker {
            override fun isDeviceSupported(): Boolean = StubDevice.npuIsSupported
        }
    }
}

class BuiltinNpuAcceleratorProvider @JvmOverloads constructor(
    private val context: Context,
    private val npuCompatibilityChecker: NpuCompatibilityChecker = NpuCompatibilityChecker.Default,
) : NpuAcceleratorProvider {
    override fun isDeviceSupported(): Boolean = npuCompatibilityChecker.isDeviceSupported()
    override fun isLibraryReady(): Boolean = true
    override suspend fun downloadLibrary() {}
    override fun getLibraryDir(): String = context.cacheDir.path
}

enum class TensorBufferType { Unknown, HostMemory, Ahwb, Ion, DmaBuf, FastRpc }

data class TensorBufferRequirements(val supportedTypes: List<TensorBufferType>, val bufferSize: Int, val strides: List<Int>)

class TensorBuffer internal constructor() : JniHandle() {
    internal var held: Any? = null

    @Throws(LiteRtException::class)
    fun writeFloat(data: FloatArray) = hold(data.copyOf())

    @Throws(LiteRtException::class)
    fun writeInt8(data: ByteArray) = hold(data.copyOf())

    @Throws(LiteRtException::class)
    fun readFloat(): FloatArray = held as FloatArray

    @Throws(LiteRtException::class)
    fun readInt8(): ByteArray = held as ByteArray

    private fun hold(data: Any) {
        requireOpen()
        held = data
    }
}

class CompiledModel private constructor(private val accelerator: Accelerator) : JniHandle() {
    data class CpuOptions(
        val numThreads: Int? = null,
        val xnnPackFlags: Int? = null,
        val xnnPackWeightCachePath: String? = null,
    )

    data class GpuOptions(val precision: Precision? = null) {
        enum class Precision(val value: Int) { DEFAULT(0), FP16(1), FP32(2), FP16_WITH_FP32_ACCUM(3) }
    }

    class Options constructor(internal val accelerators: Set<Accelerator>) {
        constructor(vararg accelerators: Accelerator) : this(setOf(*accelerators))

        var cpuOptions: CpuOptions? = null
        var gpuOptions: GpuOptions? = null

        companion object {
            @JvmStatic
            val CPU: Options = Options(Accelerator.CPU)
        }
    }

    @Throws(LiteRtException::class)
    fun getInputBufferRequirements(inputName: String, signature: String = ""): TensorBufferRequirements = requirements(inputName + signature)

    @Throws(LiteRtException::class)
    fun getOutputBufferRequirements(outputName: String, signature: String = ""): TensorBufferRequirements = requirements(outputName + signature)

    private fun requirements(name: String): TensorBufferRequirements {
        require(name.isNotEmpty())
        return TensorBufferRequirements(listOf(StubDevice.borders[accelerator] ?: TensorBufferType.HostMemory), 0, listOf())
    }

    @Throws(LiteRtException::class)
    @JvmOverloads
    fun createInputBuffers(signatureIndex: Int = 0): List<TensorBuffer> = List(1 + signatureIndex) { TensorBuffer() }

    @Throws(LiteRtException::class)
    @JvmOverloads
    fun createOutputBuffers(signatureIndex: Int = 0): List<TensorBuffer> = List(1 + signatureIndex) { TensorBuffer() }

    @Throws(LiteRtException::class)
    @JvmOverloads
    fun run(inputs: List<TensorBuffer>, outputs: List<TensorBuffer>, signatureIndex: Int = 0) {
        requireOpen()
        outputs[signatureIndex].held = StubDevice.compute(accelerator, checkNotNull(inputs[signatureIndex].held))
    }

    companion object {
        @Throws(LiteRtException::class)
        @JvmOverloads
        @JvmStatic
        fun create(
            assetManager: AssetManager,
            assetName: String,
            options: Options = Options.CPU,
            optionalEnv: Environment? = null,
        ): CompiledModel {
            assetManager.open(assetName).close()
            checkNotNull(optionalEnv)
            StubDevice.asked += listOf(options.accelerators)
            StubDevice.gpuPrecision = options.gpuOptions?.precision
            StubDevice.cpuThreads = options.cpuOptions?.numThreads
            val accelerator = options.accelerators.single()
            StubDevice.compileErrors[accelerator]?.let { throw it }
            return CompiledModel(accelerator)
        }
    }
}
