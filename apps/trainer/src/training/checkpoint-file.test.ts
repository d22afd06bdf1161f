import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkpointFile } from './checkpoint-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const checkpoint = {
  fingerprint: 'f',
  level: 1,
  step: 7,
  finished: [Float32Array.of(1, 2)],
  weights: Float32Array.of(3),
  firstMoment: Float32Array.of(4),
  secondMoment: Float32Array.of(5),
};

it('gives back what was saved, leaves no other file, and takes a damaged one for none', async () => {
  const path = join(folder, 'run', 'checkpoint');
  const file = checkpointFile(path);
  expect(await file.load()).toBeNull();
  await file.save({ ...checkpoint, step: 1 });
  await file.save(checkpoint);
  expect(await file.load()).toEqual(checkpoint);
  expect(readdirSync(join(folder, 'run'))).toEqual(['checkpoint']);
  appendFileSync(path, 'x');
  expect(await file.load()).toBeNull();
});
