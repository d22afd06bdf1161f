/** @file All kernels that can be recorded. */
import { getKernelsForBackend } from '@tensorflow/tfjs-core';
import { RECORDER, registerRecordingBackend } from '../recording-backend.ts';
import { registerActivations } from './activation.ts';
import { registerCast } from './cast.ts';
import { registerConvolution } from './convolution.ts';
import { registerConvolutionGradients } from './convolution-gradient.ts';
import { registerElementwise } from './elementwise.ts';
import { registerFused } from './fused.ts';
import { registerHalfTable } from './half-table.ts';
import { registerIndexing } from './indexing.ts';
import { registerLayout } from './layout.ts';
import { registerMatMul } from './matmul.ts';
import { registerNormalization } from './normalization.ts';
import { registerPickedRows } from './picked-rows.ts';
import { registerPooling } from './pooling.ts';
import { registerReductions } from './reduce.ts';
import { registerResizing } from './resize.ts';
import { registerScatter } from './scatter.ts';

let registered = false;

/** Registers backend and kernels; once. */
export function registerAllKernels(): void {
  if (registered) return;
  registered = true;
  registerRecordingBackend();
  registerActivations();
  registerCast();
  registerConvolution();
  registerConvolutionGradients();
  registerElementwise();
  registerFused();
  registerHalfTable();
  registerIndexing();
  registerLayout();
  registerMatMul();
  registerNormalization();
  registerPickedRows();
  registerPooling();
  registerReductions();
  registerResizing();
  registerScatter();
}

/** Names of the kernels that can be recorded, sorted. */
export function recordedKernels(): string[] {
  registerAllKernels();
  return getKernelsForBackend(RECORDER)
    .map(({ kernelName }) => kernelName)
    .sort();
}
