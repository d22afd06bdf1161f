import type { ProviderReport } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { preferredProvider } from './choose-provider.ts';

function works(name: string, milliseconds: number, software = false): ProviderReport {
  return { executor: 'onnx', name, ok: true, software, milliseconds, reason: null, fix: null };
}

function fails(name: string, reason: string): ProviderReport {
  return { ...works(name, 0), ok: false, milliseconds: null, reason, fix: 'fix it' };
}

describe('the provider to take', () => {
  const cpu = works('cpu', 100);

  it('is the first of webgpu and cuda that is clearly faster than the processor', () => {
    expect(preferredProvider([works('cuda', 3), works('webgpu', 5), cpu])).toEqual({
      provider: 'webgpu',
      why: '5.0 ms for what takes the processor 100.0 ms',
    });
    expect(preferredProvider([works('cuda', 3), fails('webgpu', 'no adapter'), cpu])).toEqual({
      provider: 'cuda',
      why: '3.0 ms for what takes the processor 100.0 ms; webgpu: no adapter',
    });
  });

  it('is the processor when another one is little or no faster', () => {
    expect(preferredProvider([fails('cuda', 'no library'), works('webgpu', 90), cpu])).toEqual({
      provider: 'cpu',
      why: 'webgpu: not clearly faster than the processor (90.0 ms for what takes the processor 100.0 ms); cuda: no library',
    });
  });

  it('is never a software adapter, however fast it seems', () => {
    expect(preferredProvider([fails('cuda', 'no'), works('webgpu', 1, true), cpu])).toEqual({
      provider: 'cpu',
      why: 'webgpu: its adapter is software on the processor; cuda: no',
    });
  });

  it('is the processor when nothing could be compared with it', () => {
    const reports = [works('cuda', 1), works('webgpu', 1), fails('cpu', 'no')];
    expect(preferredProvider(reports).provider).toBe('cpu');
  });
});
