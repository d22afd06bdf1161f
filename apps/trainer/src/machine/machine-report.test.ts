import type { ProviderReport } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { chosenOf } from './machine-report.ts';

function report(name: string, milliseconds: number | null, ok = true): ProviderReport {
  const executor = name.startsWith('tfjs') ? 'tfjs' : 'onnx';
  const reason = ok ? null : 'no';
  return { executor, name, ok, software: false, milliseconds, reason, fix: reason };
}

const reports = [
  report('cuda', null, false),
  report('webgpu', 10),
  report('cpu', 100),
  report('tfjs-node-gpu', null, false),
  report('tfjs-node', null, false),
  report('tfjs-cpu', null),
];

describe('what training would use', () => {
  it.each([
    ['auto', 'onnx', 'webgpu'],
    ['onnx', 'onnx', 'webgpu'],
    ['cpu', 'onnx', 'cpu'],
    ['tfjs', 'tfjs', 'tfjs-cpu'],
    ['tfjs-cpu', 'tfjs', 'tfjs-cpu'],
  ] as const)('%s: %s on %s', (setting, executor, provider) => {
    expect(chosenOf(setting, reports)).toMatchObject({ setting, executor, provider });
  });

  it('is nothing when what is named does not work', () => {
    expect(chosenOf('cuda', reports)).toBeNull();
    expect(chosenOf('tfjs-node', reports)).toBeNull();
  });

  it('names what was passed over', () => {
    expect(chosenOf('tfjs', reports)?.why).toBe(
      'PLUMBLINE_EXECUTOR is "tfjs"; tfjs-node-gpu: no; tfjs-node: no',
    );
  });
});
