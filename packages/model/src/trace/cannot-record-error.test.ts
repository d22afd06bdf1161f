import { describe, expect, it } from 'vitest';
import { CannotRecordError } from './cannot-record-error.ts';

function messageFor(...frames: string[]): string {
  const cause = new Error('missing');
  cause.stack = ['Error: missing', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return new CannotRecordError('the kernel X', 'it is unknown', { kernel: 'X', cause }).message;
}

describe('where a call that can not be recorded was made', () => {
  it('is the innermost place outside TensorFlow.js and the tracer', () => {
    const message = messageFor(
      'Engine.runKernel (/home/node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js:10:1)',
      'Engine.runKernel (/home/tfjs-core/src/engine.ts:551:13)',
      'C:\\home\\tfjs-core\\src\\ops\\cumprod.ts:62:17',
      'body (/home/packages/model/src/nn/layers.ts:7:3)',
      'trace (/home/packages/model/src/trace/trace.ts:65:5)',
    );
    expect(message).toBe('Cannot record the kernel X: it is unknown (called in layers.ts:7).');
  });

  it('is left out when the stack does not tell', () => {
    expect(messageFor('node:internal/process:1:1')).toBe(
      'Cannot record the kernel X: it is unknown.',
    );
  });
});
