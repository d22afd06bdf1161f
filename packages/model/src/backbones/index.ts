export { ARCHITECTURES, findArchitecture } from './architectures.ts';
export type { Backbone, FeatureTap } from './backbone.ts';
export { openEmbeddedBackbone } from './embedded-backbone.ts';
export { type InspectBackboneOptions, inspectBackbone } from './inspect-backbone.ts';
export { type OnnxBackboneOptions, openOnnxBackbone } from './onnx-backbone.ts';
export { type OpenBackboneOptions, openBackbone } from './open-backbone.ts';
export {
  readSafetensors,
  type SafeTensor,
  type SafetensorsFile,
  writeSafetensors,
} from './safetensors.ts';
