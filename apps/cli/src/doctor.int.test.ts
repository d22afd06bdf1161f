/** @file `plumb doctor` as a process, on this machine. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorBodySchema, machineReportSchema } from '@plumbline/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const PLUMB = fileURLToPath(new URL('../bin/plumb.mjs', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'plumbline-doctor-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function doctor(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL: '', PLUMBLINE_HOME: home, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [PLUMB, 'doctor', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

const diagnosis = z.object({
  ok: z.boolean(),
  findings: z.array(z.object({ check: z.string(), ok: z.boolean(), found: z.string() })),
  machine: machineReportSchema.nullable(),
});

describe('plumb doctor', () => {
  it('--json has every executor of this machine and what training would use', async () => {
    const { code, stdout } = await doctor(['--json']);
    const { ok, findings, machine } = diagnosis.parse(JSON.parse(stdout));
    expect(code).toBe(ok ? 0 : 1);
    expect(findings.map(({ check }) => check)).toEqual([
      'Node',
      'processors',
      'memory',
      'disk',
      'database',
      'platform',
      'backbones',
      'graphics',
      'training',
    ]);
    expect(machine?.providers.map(({ name }) => name)).toEqual([
      'webgpu',
      'cuda',
      'cpu',
      'tfjs-node-gpu',
      'tfjs-node',
      'tfjs-cpu',
    ]);
    const chosen = machine?.providers.find(({ name }) => name === machine.chosen?.provider);
    expect(chosen).toMatchObject({ ok: true, software: false });
  });

  it('is missing when DATABASE_URL or PLUMBLINE_EXECUTOR lead nowhere', async () => {
    const { code, stdout } = await doctor(['--json'], {
      DATABASE_URL: 'postgresql://nobody:wrong@127.0.0.1:9/none',
      PLUMBLINE_EXECUTOR: 'gpu',
    });
    const { findings, machine } = diagnosis.parse(JSON.parse(stdout));
    expect(code).toBe(1);
    expect(machine).toBeNull();
    const failed = findings.filter(({ ok }) => !ok);
    expect(failed.map(({ check }) => check)).toEqual(['database', 'training']);
    expect(failed[1]?.found).toMatch(/"gpu".*auto/);
  });

  it('--install knows one thing only', async () => {
    const { code, stderr } = await doctor(['--install', 'everything', '--json']);
    expect(code).toBe(1);
    const { error } = z.object({ error: errorBodySchema }).parse(JSON.parse(stderr));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', fix: 'Give "--install tfjs-gpu".' });
  });
});
