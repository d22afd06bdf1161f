import { afterEach, describe, expect, it, vi } from 'vitest';
import { CHILD_LIMITS, childLimits, executorSetting, threadCount } from './env.ts';

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

describe('the limits of child processes', () => {
  it('are given in seconds', () => {
    expect(childLimits()).toEqual(CHILD_LIMITS);
    vi.stubEnv('PLUMBLINE_CHILD_SILENCE_S', '120');
    vi.stubEnv('PLUMBLINE_CHILD_STUCK_S', '7200');
    expect(childLimits()).toEqual({ silenceMs: 120_000, stuckMs: 7_200_000 });
  });

  it.each(['0', 'never'])('are not "%s"', (value) => {
    vi.stubEnv('PLUMBLINE_CHILD_STUCK_S', value);
    expect(childLimits).toThrow(`PLUMBLINE_CHILD_STUCK_S is "${value}"; give seconds`);
  });
});
