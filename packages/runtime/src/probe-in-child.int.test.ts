import { describe, expect, it } from 'vitest';
import { probeInChild } from './probe-in-child.ts';

function probe(fate: string, timeoutMs?: number) {
  return probeInChild(new URL('./testing/probe-children.ts', import.meta.url), [fate], timeoutMs);
}

describe('trying something in a child process', () => {
  it.each([
    ['works', { ok: true, milliseconds: 7 }],
    ['fails', { ok: false, reason: 'no such card' }],
    ['crashes', { ok: false, reason: 'the process that tried it ended with SIGSEGV' }],
    ['exits', { ok: false, reason: 'the process that tried it ended with code 3' }],
    ['hangs at its end', { ok: true, milliseconds: 7 }],
  ])('that %s', async (fate, answer) => {
    expect(await probe(fate)).toEqual(answer);
  });

  it('that hangs', async () => {
    expect(await probe('hangs', 3_000)).toEqual({ ok: false, reason: 'no answer within 3 s' });
  });
});
