import { afterEach, describe, expect, it, vi } from 'vitest';
import { executorSetting } from './env.ts';

afterEach(() => vi.unstubAllEnvs());

describe('PLUMBLINE_EXECUTOR', () => {
  it.each([
    ['', 'auto'],
    ['webgpu', 'webgpu'],
    ['tfjs', 'tfjs'],
  ])('"%s" means %s', (value, setting) => {
    vi.stubEnv('PLUMBLINE_EXECUTOR', value);
    expect(executorSetting()).toBe(setting);
  });

  it('lists what it can be', () => {
    vi.stubEnv('PLUMBLINE_EXECUTOR', 'gpu');
    expect(executorSetting).toThrow(/"gpu".*auto, onnx, cuda, webgpu, cpu, tfjs/);
  });
});
