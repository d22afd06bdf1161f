import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkTypeScript } from '@plumbline/runtime';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Fits in a process of its own; kills it with SIGKILL when it reports a step. @returns The steps it reported. */
function fitInChild(
  name: string,
  killAt?: number,
): Promise<{ steps: number[]; signal: string | null }> {
  const child = forkTypeScript(new URL('./testing/fit-child.ts', import.meta.url), [
    join(folder, `${name}.checkpoint`),
    join(folder, `${name}.onnx`),
  ]);
  const steps: number[] = [];
  child.on('message', (step: number) => {
    steps.push(step);
    if (step === killAt) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (_, signal) => resolve({ steps, signal }));
  });
}

it('40 steps in one go, and in three processes of which two are killed, give the same bytes', async () => {
  const whole = await fitInChild('whole');
  expect(whole.steps).toHaveLength(40);
  const first = await fitInChild('killed', 20);
  expect(first.signal).toBe('SIGKILL');
  expect(existsSync(join(folder, 'killed.onnx'))).toBe(false);
  const second = await fitInChild('killed', 31);
  expect(second.signal).toBe('SIGKILL');
  expect(second.steps[0]).toBeGreaterThan(15);
  const third = await fitInChild('killed');
  expect(third.signal).toBeNull();
  expect(third.steps[0]).toBeGreaterThan(26);
  expect(third.steps.at(-1)).toBe(40);
  const graphs = ['whole', 'killed'].map((name) => readFileSync(join(folder, `${name}.onnx`)));
  expect(graphs[0]!.equals(graphs[1]!)).toBe(true);
});
