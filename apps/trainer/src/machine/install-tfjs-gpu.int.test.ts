/** @file The installation with made-up packages, whose scripts are real processes that end in each way there is. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installTfjsGpu } from './install-tfjs-gpu.ts';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plumbline-install-'));
  folder = join(root, 'tfjs-node-gpu');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** What every script does first: the package is then half installed. */
const HALF = `
  const fs = require('node:fs');
  fs.mkdirSync('deps');
  fs.writeFileSync('deps/half', '');
  fs.writeFileSync('package.json', '{"changed":true}');
`;

function makePackage(script: string): void {
  mkdirSync(join(folder, 'scripts'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"made-up"}');
  writeFileSync(join(folder, 'scripts', 'install.js'), HALF + script);
  // Of an installation that was killed.
  mkdirSync(join(root, '.tfjs-node-gpu.partial-1', 'deps'), { recursive: true });
}

function install(answer: { ok: true; milliseconds: null } | { ok: false; reason: string }) {
  return installTfjsGpu({
    folder,
    signal: new AbortController().signal,
    progress: () => {},
    verify: async () => answer,
  });
}

function expectUnchanged(): void {
  expect(readdirSync(root)).toEqual(['tfjs-node-gpu']);
  expect(readdirSync(folder).sort()).toEqual(['package.json', 'scripts']);
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{"name":"made-up"}');
}

const WORKS = { ok: true, milliseconds: null } as const;

describe('installing tfjs-gpu', () => {
  it('takes the place of the package once it works', async () => {
    makePackage('fs.writeFileSync("deps/whole", process.argv.slice(2).join(" "));');
    await install(WORKS);
    expect(readdirSync(root)).toEqual(['tfjs-node-gpu']);
    expect(readFileSync(join(folder, 'deps', 'whole'), 'utf8')).toBe('gpu download');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{"name":"made-up"}');
  });

  it('changes nothing where the host is not found, and names it', async () => {
    makePackage('require("node:https").get("https://downloads.invalid/library");');
    await expect(install(WORKS)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /^downloads\.invalid can't be reached \((ENOTFOUND|EAI_AGAIN)\)/,
      ),
      fix: expect.stringContaining('Nothing was changed.'),
    });
    expectUnchanged();
  });

  it('changes nothing where the script fails, and says what it said', async () => {
    makePackage('console.error("error: no compiler found"); process.exit(1);');
    await expect(install(WORKS)).rejects.toMatchObject({
      message: 'tfjs-node-gpu was not installed: error: no compiler found.',
    });
    expectUnchanged();
  });

  it('changes nothing where it is installed and does not work', async () => {
    makePackage('');
    await expect(install({ ok: false, reason: 'no card' })).rejects.toMatchObject({
      message: 'It was installed but does not work: no card.',
    });
    expectUnchanged();
  });

  it('changes nothing when it is interrupted, and what the script started ends too', async () => {
    makePackage(`
      const child = require('node:child_process').spawn('sleep', ['60']);
      fs.writeFileSync('../pid', String(child.pid));
      setInterval(() => {}, 1000);
    `);
    const abort = new AbortController();
    const installed = installTfjsGpu({ folder, signal: abort.signal, progress: () => {} });
    const refused = expect(installed).rejects.toThrow(/it was interrupted/);
    while (!readdirSync(root).includes('pid') || pidOfSleeper() === 0) await sleep(50);
    abort.abort();
    await refused;
    const pid = pidOfSleeper();
    rmSync(join(root, 'pid'));
    expectUnchanged();
    if (process.platform !== 'win32') expect(await ends(pid)).toBe(true);
  });
});

function pidOfSleeper(): number {
  return Number(readFileSync(join(root, 'pid'), 'utf8'));
}

/** Whether a process is gone within two seconds, or dead and not yet reaped. */
async function ends(pid: number): Promise<boolean> {
  for (let i = 0; i < 40; i++) {
    try {
      process.kill(pid, 0);
      if (process.platform === 'linux' && /\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8')))
        return true;
    } catch {
      return true;
    }
    await sleep(50);
  }
  return false;
}
