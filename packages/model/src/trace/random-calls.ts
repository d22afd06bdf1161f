/** @file TensorFlow.js' calls that draw random numbers: in a graph, what they drew at recording would be constant. */
import { engine } from '@tensorflow/tfjs-core';
import { CannotRecordError } from './cannot-record-error.ts';

const RANDOM_CALLS: ReadonlySet<string> = new Set([
  'alphaDropout',
  'dropout',
  'multinomial',
  'rand',
  'randomGamma',
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'truncatedNormal',
]);

const ADVICE =
  'a graph would draw the same numbers at every run; take random numbers as an input of the function and feed them at each run';

/** TensorFlow.js names the scope of a call `<call>__op`. */
const CALL = /^(\w+)__op$/;

/** @throws CannotRecordError naming the call when numbers are being drawn; the outermost, such as `dropout`. */
export function assertNotRandom(): void {
  for (const { name } of engine().state.scopeStack) {
    const call = CALL.exec(name)?.[1];
    if (call !== undefined && RANDOM_CALLS.has(call))
      throw new CannotRecordError(`random numbers (tf.${call})`, ADVICE);
  }
}

const RANDOM_KERNELS: ReadonlySet<string> = new Set(['Multinomial']);

/** Why a kernel that draws random numbers has no recording; null for the others. */
export function whyRandom(kernel: string): string | null {
  return RANDOM_KERNELS.has(kernel) ? ADVICE : null;
}
