/**
 * @file Gradients of kernels. TensorFlow.js' own come by an import (tfjs-core's CommonJS build registers none); those
 * that it lacks or has wrong are registered over them, for recorded and eager functions alike.
 */
import '@tensorflow/tfjs-layers'; // Registers TensorFlow.js' gradients.
import { registerGradient } from '@tensorflow/tfjs-core';
import { dilatedConvolution } from './dilated-convolution.ts';
import { einsumGradient } from './einsum.ts';
import { mirrorPadGradient } from './mirror-pad.ts';
import { gatherNdGradient, scatterNdGradient, topKGradient } from './places.ts';

for (const config of [
  dilatedConvolution,
  einsumGradient,
  gatherNdGradient,
  mirrorPadGradient,
  scatterNdGradient,
  topKGradient,
])
  registerGradient(config);
