import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkTypeScript } from '@plumbline/runtime';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Fits in a process of its own; kills it with SIGKILL when it reports a step. @returns The steps it reported. */
function fitInChild(
  script: string,
  name: string,
  killAt?: number,
): Promise<{ steps: number[]; signal: string | null }> {
  const child = forkTypeScript(new URL(`./testing/${script}.ts`, import.meta.url), [
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

it.each(['fit-child', 'decoder-child', 'simplenet-child', 'stfpm-child', 'uniad-child'])(
  '%s: 40 steps in one go, and in three processes of which two are killed, give the same bytes',
  async (script) => {
    const attempt = (name: string, killAt?: number) =>
      fitInChild(script, `${script}-${name}`, killAt);
    const graphOf = (name: string) => join(folder, `${script}-${name}.onnx`);
    const whole = await attempt('whole');
    expect(whole.steps).toHaveLength(40);
    const first = await attempt('killed', 20);
    expect(first.signal).toBe('SIGKILL');
    expect(existsSync(graphOf('killed'))).toBe(false);
    const second = await attempt('killed', 31);
    expect(second.signal).toBe('SIGKILL');
    expect(second.steps[0]).toBeGreaterThan(15);
    const third = await attempt('killed');
    expect(third.signal).toBeNull();
    expect(third.steps[0]).toBeGreaterThan(26);
    expect(third.steps.at(-1)).toBe(40);
    expect(readFileSync(graphOf('killed')).equals(readFileSync(graphOf('whole')))).toBe(true);
  },
);
