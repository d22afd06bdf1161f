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
  probeProvider,
} from './onnx-executor.ts';
