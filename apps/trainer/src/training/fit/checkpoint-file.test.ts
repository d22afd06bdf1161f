import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
  finished: [{ weights: Float32Array.of(1, 2), steps: 9 }],
  weights: Float32Array.of(3),
  firstMoment: Float32Array.of(4),
  secondMoment: Float32Array.of(5),
  plateau: null,
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
  await file.remove();
  expect(readdirSync(join(folder, 'run'))).toEqual([]);
});

it('clears away what a killed process left half written', async () => {
  const path = join(folder, 'killed');
  writeFileSync(`${path}.12345`, 'half');
  expect(await checkpointFile(path).load()).toBeNull();
  expect(readdirSync(folder).filter((name) => name.startsWith('killed'))).toEqual([]);
});

it('adds up the time of all attempts', async () => {
  const path = join(folder, 'timed');
  const first = checkpointFile(path, performance.now() - 5_000);
  await first.load();
  expect(first.secondsBefore).toBe(0);
  await first.save(checkpoint);
  const second = checkpointFile(path, performance.now() - 2_000);
  await second.load();
  expect(second.secondsBefore).toBeCloseTo(5, 0);
  await second.save(checkpoint);
  const third = checkpointFile(path);
  await third.load();
  expect(third.secondsBefore).toBeCloseTo(7, 0);
});
