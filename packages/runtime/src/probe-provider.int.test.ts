import { describe, expect, it } from 'vitest';
import { hardwareIsVisible, listAdapters } from './adapters.ts';
import { chooseProvider } from './choose-provider.ts';
import { createExecutor } from './onnx-executor.ts';
import { probeProvider, probeProviders } from './probe-provider.ts';

const noHardware = hardwareIsVisible() === false;

describe('the providers of this machine', () => {
  it('are tried in order, and those that fail say why and what would fix it', async () => {
    const reports = await probeProviders();
    expect(reports.map(({ name }) => name)).toEqual(['webgpu', 'cuda', 'cpu']);
    for (const report of reports) {
      expect(report.reason === null).toBe(report.ok);
      expect(report.fix === null).toBe(report.ok);
      expect(report.milliseconds !== null).toBe(report.ok && !report.software);
    }
    expect(reports.at(-1)).toMatchObject({ ok: true, software: false });
  });

  it.runIf(noHardware)('without a card, auto takes the processor and says why', async () => {
    const choice = await chooseProvider();
    expect(choice.provider).toBe('cpu');
    expect(choice.why).toMatch(/webgpu: no GPU is visible.*cuda: no GPU is visible/);
    expect(listAdapters()?.every(({ software }) => software)).toBe(true);
    expect((await createExecutor({ provider: 'auto' })).provider).toBe('cpu');
  });

  it.runIf(noHardware)('without a card, a working webgpu is software', async () => {
    const report = await probeProvider('webgpu');
    expect(report.software).toBe(report.ok);
  });

  it('an executor on what does not work is refused', async () => {
    const cuda = await probeProvider('cuda');
    const created = createExecutor({ provider: 'cuda' });
    if (cuda.ok) expect((await created).provider).toBe('cuda');
    else
      await expect(created).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining(cuda.reason ?? ''),
        fix: expect.stringContaining(cuda.fix ?? ''),
      });
  });
});
