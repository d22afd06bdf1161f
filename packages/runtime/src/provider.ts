/** @file The execution providers of onnxruntime that are used here. */

export type Provider = 'cpu' | 'webgpu' | 'cuda';
