export * from './methods/index.ts';
export * from './onnx/index.ts';
export * from './trace/index.ts';
