export { listAdapters } from './adapters.ts';
export { chooseProvider, type ProviderChoice, preferredProvider } from './choose-provider.ts';
export { forkTypeScript } from './fork-typescript.ts';
export {
  type InferenceHost,
  type InferenceHostOptions,
  type InspectedImage,
  type InspectionResult,
  startInferenceHost,
} from './inference-host.ts';
export {
  createExecutor,
  type ExecutorOptions,
  type Provider,
} from './onnx-executor.ts';
export { answerProbe, type ProbeAnswer, probeInChild } from './probe-in-child.ts';
export { probeProvider, probeProviders } from './probe-provider.ts';
