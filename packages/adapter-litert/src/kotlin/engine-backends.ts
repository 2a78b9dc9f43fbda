import { kotlinString } from "./names.ts";

/** LiteRT 2.x has no NNAPI: the plan's choice is refused aloud. */
export const nnapiBranch: string = `
        private fun requireCompiledModel(backend: Backend) {
            if (backend != Backend.NNAPI) return
            val words = "NNAPI is deprecated from Android 15, and LiteRT $LITERT_VERSION has no path to it"
            throw Refused(Refusal(backend, RefusalCause.OS, words))
        }
`;

export const plainEnvironment: string = `        private fun environmentFor(context: Context): Environment = Environment.create(context)
`;

export const npuEnvironment: string = `        private fun environmentFor(backend: Backend, context: Context): Environment {
            if (backend != Backend.NPU) return Environment.create(context)
            val libraries = BuiltinNpuAcceleratorProvider(context)
            if (!libraries.isDeviceSupported()) {
                val device = "\${Build.MANUFACTURER} \${Build.MODEL} with API level \${Build.VERSION.SDK_INT}"
                throw Refused(Refusal(backend, RefusalCause.OS, "LiteRT $LITERT_VERSION knows no NPU of a $device"))
            }
            return Environment.create(context, libraries)
        }
`;

/** LiteRT adds the CPU to an NPU that is asked for alone; what it left to the CPU it does not say. */
export function npuMemory(input: string, output: string): string {
  return `
        /**
         * LiteRT lets the CPU take what the NPU leaves, up to the whole model. A tensor that an NPU reads or writes can
         * lie in memory of its own; of a model that the CPU runs alone, both ends lie in the host's.
         */
        private fun requireNpuMemory(model: CompiledModel) {
            val kinds = model.getInputBufferRequirements(${kotlinString(input)}).supportedTypes +
                model.getOutputBufferRequirements(${kotlinString(output)}).supportedTypes
            if (kinds.any { it != TensorBufferType.HostMemory }) return
            val words = "LiteRT left the model's input and output to the CPU"
            throw Refused(Refusal(Backend.NPU, RefusalCause.UNSUPPORTED_OP, words))
        }
`;
}

export function acceleratorCases(chain: readonly string[]): string {
  return chain.map((backend) => `            Backend.${backend} -> Accelerator.${backend === "NNAPI" ? "NPU" : backend}`).join("\n");
}

const threadOptions = "options.cpuOptions = CompiledModel.CpuOptions(numThreads = cpuThreads)";

/** LiteRT gives the CPU what an NPU leaves; of the GPU's models it computes nothing. */
export function backendOptions({ gpu, float32 }: { readonly gpu: boolean; readonly float32: boolean }): string {
  if (!gpu) return `            ${threadOptions}\n`;
  if (!float32) return `            if (backend != Backend.GPU) ${threadOptions}\n`;
  return `            if (backend == Backend.GPU) {
                // 16 bits, the default, would break the tolerance that the plan promises.
                options.gpuOptions = CompiledModel.GpuOptions(precision = CompiledModel.GpuOptions.Precision.FP32)
            } else {
                ${threadOptions}
            }
`;
}

export function threadsProperty(gpu: boolean): string {
  return gpu
    ? "    /** Of the CPU's part; null where it has none. */\n    val threads: Int? = if (backend == Backend.GPU) null else cpuThreads\n"
    : "    /** Of the CPU's part. */\n    val threads: Int = cpuThreads\n";
}
