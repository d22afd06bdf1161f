import { DomainError, type MachineReport, type ProviderReport } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { describeDiagnosis, executorFinding } from './doctor-command.ts';
import { checkNode, databaseFinding } from './doctor-findings.ts';

function report(name: string, change: Partial<ProviderReport> = {}): ProviderReport {
  const executor = name.startsWith('tfjs') ? 'tfjs' : 'onnx';
  const works = { ok: true, software: false, milliseconds: null, reason: null, fix: null };
  return { executor, name, ...works, ...change };
}

const machine: MachineReport = {
  adapters: [{ name: 'lvp_icd (Vulkan on the processor)', software: true }],
  providers: [
    report('cuda', { ok: false, reason: 'its library is not installed', fix: 'Install it.' }),
    report('webgpu', { software: true }),
    report('cpu', { milliseconds: 20 }),
  ],
  setting: 'auto',
  chosen: { setting: 'auto', executor: 'onnx', provider: 'cpu', why: 'cuda: no' },
};

describe('the diagnosis', () => {
  it('says of each provider whether it works, why not and what would fix it', () => {
    const text = describeDiagnosis({ ok: true, findings: [executorFinding(machine)], machine });
    expect(text).toMatch(/training .* ok .* onnx on cpu \(cuda: no\)/);
    expect(text).toMatch(/cuda .* no: its library is not installed/);
    expect(text).toMatch(/webgpu .* in software/);
    expect(text).toMatch(/cpu .* works, 20\.0 ms/);
    expect(text).toContain('  cuda: Install it.');
  });

  it('is missing when the executor that is set does not work', () => {
    const found = executorFinding({ ...machine, setting: 'cuda', chosen: null });
    expect(found).toMatchObject({
      ok: false,
      found: 'PLUMBLINE_EXECUTOR is "cuda", but its library is not installed',
      fix: 'Set it to "auto". Or: Install it.',
    });
  });

  it('keeps what could be found when the look at the machine failed', () => {
    const failed = executorFinding(new DomainError('UNAVAILABLE', 'It ended.', { fix: 'Again.' }));
    expect(failed).toEqual({ check: 'training', ok: false, found: 'It ended.', fix: 'Again.' });
    expect(describeDiagnosis({ ok: false, findings: [failed], machine: null })).toMatch(/missing/);
  });
});

describe('the findings', () => {
  it('want Node 20.20', () => {
    expect(checkNode('20.19.9').ok).toBe(false);
    expect(checkNode('20.20.0').ok).toBe(true);
    expect(checkNode('22.1.0').ok).toBe(true);
  });

  it('tell a database that is down from one that is not started', () => {
    const embedded = { kind: 'embedded', exists: true } as const;
    expect(databaseFinding({ ...embedded, reachable: null })).toMatchObject({ ok: true });
    expect(databaseFinding({ ...embedded, reachable: false })).toMatchObject({ ok: false });
    const external = databaseFinding({ kind: 'external', exists: false, reachable: false });
    expect(external.fix).toMatch(/DATABASE_URL/);
  });
});
