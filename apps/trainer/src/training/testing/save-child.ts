/** @file Saves a small checkpoint and then a large one, and prints what came of it. Argument: checkpoint file. */
import { DomainError } from '@plumbline/contracts';
import { folderCheckpoints } from './folder-checkpoints.ts';
import { MADE_UP_DATA } from './made-up-fit.ts';

const file = folderCheckpoints(process.argv[2] ?? '', { attempt: 1, data: MADE_UP_DATA });
const state = (step: number, size: number) => ({
  fingerprint: 'f',
  stage: 'layer3',
  step,
  tensors: {
    weights: new Float32Array(size),
    firstMoment: new Float32Array(size),
    secondMoment: new Float32Array(size),
  },
  facts: {},
});
await file.save(state(1, 100));
const outcome = await file.save(state(2, 1_000_000)).then(
  () => ({ saved: true }),
  (error: unknown) =>
    error instanceof DomainError ? error.toBody() : { unexpected: String(error) },
);
process.stdout.write(JSON.stringify(outcome));
