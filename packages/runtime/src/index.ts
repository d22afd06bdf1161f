export { listAdapters } from './adapters.ts';
export { type CardMemory, findCardMemory } from './card-memory.ts';
export { chooseProvider, type ProviderChoice, preferredProvider } from './choose-provider.ts';
export { forkTypeScript } from './fork-typescript.ts';
export { BOOT_MS, HEARTBEAT_FORK, type Lifelessness, watchHeartbeat } from './heartbeat.ts';
export type {
  InferenceHost,
  InferenceLimits,
  InspectedImage,
  InspectionOutput,
  InspectionResult,
} from './inference-host.ts';
export { type LossCause, LostRequest } from './lost-request.ts';
export { measureSpeed } from './measure-speed.ts';
export { createExecutor, type ExecutorOptions } from './onnx-executor.ts';
export { answerProbe, type ProbeAnswer, probeInChild } from './probe-in-child.ts';
export { probeProvider, probeProviders } from './probe-provider.ts';
export type { Provider } from './provider.ts';
export {
  INFERENCE_LIMITS,
  type InferenceHostOptions,
  startInferenceHost,
} from './start-inference-host.ts';
export { startTypeScriptThread } from './start-typescript-thread.ts';
