export * from './backbones/index.ts';
export * from './decoder/index.ts';
export * from './eager/index.ts';
export * from './export/index.ts';
export * from './methods/index.ts';
export * from './onnx/index.ts';
export * from './trace/index.ts';
export * from './training/index.ts';
