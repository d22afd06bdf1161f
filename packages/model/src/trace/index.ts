export { CannotRecordError } from './cannot-record-error.ts';
export { type EmissionTarget, emitsForDevice, recordedFor, targetOf } from './emission.ts';
export type { FrozenGraph } from './frozen-graph.ts';
export { hardSigmoid } from './kernels/activation.ts';
export { gatherHalves, type HalfTable } from './kernels/half-table.ts';
export { recordedKernels } from './kernels/index.ts';
export { matMulEach } from './kernels/matmul.ts';
export { layerNormalization } from './kernels/normalization.ts';
export { pickRows, replaceAt } from './kernels/picked-rows.ts';
export {
  type Attributes,
  type KernelInputs,
  type KernelRecorder,
  type KernelRecording,
  recordKernel,
} from './recording-backend.ts';
export {
  BATCH,
  type TensorProgram,
  type TracedFunction,
  type TracedInput,
  type TraceOptions,
  trace,
  traceProgram,
} from './trace.ts';
