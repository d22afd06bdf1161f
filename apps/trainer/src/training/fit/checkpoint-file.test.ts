import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, expect, it } from 'vitest';
import { folderCheckpoints } from '../testing/folder-checkpoints.ts';
import { MADE_UP_DATA } from '../testing/made-up-fit.ts';
import { encodeCheckpoint } from './checkpoint-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = { attempt: 1, data: MADE_UP_DATA };

const checkpoint = {
  fingerprint: 'f',
  stage: 'layer3',
  step: 7,
  tensors: { weights: Float32Array.of(3), 'finished/layer2/weights': Float32Array.of(1, 2) },
  facts: { best: 0.5, checksSince: 2 },
};

it('gives back what was saved, leaves no other file, and takes a damaged one for none', async () => {
  const path = join(folder, 'run', 'checkpoint');
  const file = folderCheckpoints(path, { ...FIRST });
  expect(await file.load()).toBeNull();
  await file.save({ ...checkpoint, step: 1 });
  await file.save(checkpoint);
  expect(await file.load()).toEqual(checkpoint);
  expect(readdirSync(join(folder, 'run'))).toEqual(['checkpoint.1']);
  appendFileSync(`${path}.1`, 'x');
  expect(await file.load()).toBeNull();
  await file.remove();
  expect(readdirSync(join(folder, 'run'))).toEqual([]);
});

it('takes nothing of another part, and of no attempt', async () => {
  const path = join(folder, 'killed');
  writeFileSync(`${path}.1.partial`, 'half');
  writeFileSync(`${path}.decoder.1`, 'of another part');
  const file = folderCheckpoints(path, { ...FIRST });
  expect(await file.load()).toBeNull();
  await file.remove();
  expect(readdirSync(folder).filter((name) => name.startsWith('killed'))).toHaveLength(2);
});

it('does not take up a file of an earlier version, and says so', async () => {
  const path = join(folder, 'earlier');
  const body = serialize({ checkpoint: { level: 1, weights: Float32Array.of(1) }, seconds: 3 });
  writeFileSync(`${path}.1`, Buffer.concat([createHash('sha256').update(body).digest(), body]));
  const said: string[] = [];
  const file = folderCheckpoints(path, { ...FIRST, log: (text) => void said.push(text) });
  expect(await file.load()).toBeNull();
  expect(file.seconds).toBeLessThan(1);
  expect(said).toEqual([expect.stringMatching(/another version .* begins anew/)]);
});

it('adds up the time of all attempts', async () => {
  const path = join(folder, 'timed');
  const first = folderCheckpoints(path, { ...FIRST, startedAt: performance.now() - 5_000 });
  await first.load();
  expect(first.seconds).toBeCloseTo(5, 0);
  await first.save(checkpoint);
  const second = folderCheckpoints(path, { ...FIRST, startedAt: performance.now() - 2_000 });
  await second.load();
  expect(second.seconds).toBeCloseTo(7, 0);
  await second.save(checkpoint);
  const third = folderCheckpoints(path, { ...FIRST });
  await third.load();
  expect(third.seconds).toBeCloseTo(7, 0);
});

it('begins with the newest whole one of earlier attempts, and removes those only once it has its own', async () => {
  const path = join(folder, 'attempts');
  const of = (attempt: number) => folderCheckpoints(path, { attempt, data: MADE_UP_DATA });
  const names = () => readdirSync(folder).filter((name) => name.startsWith('attempts'));
  await of(1).save({ ...checkpoint, step: 1 });
  writeFileSync(`${path}.2`, 'damaged');
  const third = of(3);
  expect((await third.load())?.step).toBe(1);
  expect(names()).toEqual(['attempts.1', 'attempts.2']);
  await third.save({ ...checkpoint, step: 3 });
  expect(names()).toEqual(['attempts.3']);

  // The first was given up for lost, and goes on.
  const late = of(1);
  await late.save({ ...checkpoint, step: 99 });
  expect((await of(4).load())?.step).toBe(3);
  await late.remove();
  expect(names()).toEqual(['attempts.3']);
  await of(4).remove();
  expect(names()).toEqual([]);
});

it('copies no tensor to write it', () => {
  const weights = Float32Array.of(1, 2, 3);
  const parts = encodeCheckpoint({ state: { ...checkpoint, tensors: { weights } }, seconds: 0 });
  expect(parts.at(-1)?.buffer).toBe(weights.buffer);
});
