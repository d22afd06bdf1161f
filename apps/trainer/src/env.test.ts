import { afterEach, describe, expect, it, vi } from 'vitest';
import { executorSetting, threadCount } from './env.ts';

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

describe('PLUMBLINE_THREADS', () => {
  it.each([
    ['', null],
    ['3', 3],
  ])('"%s" means %s', (value, threads) => {
    vi.stubEnv('PLUMBLINE_THREADS', value);
    expect(threadCount()).toBe(threads);
  });

  it.each(['0', '1.5', 'all'])('refuses "%s"', (value) => {
    vi.stubEnv('PLUMBLINE_THREADS', value);
    expect(threadCount).toThrow(`PLUMBLINE_THREADS is "${value}"`);
  });
});
