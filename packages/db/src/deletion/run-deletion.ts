/** @file Deletion of a training run that has ended, with its losses and log. */
import type { Transaction } from '../client.ts';
import { isActive } from '../jobs/job-rows.ts';
import { runNotFound } from '../runs/run-rules.ts';
import { activeRuns } from './blockers.ts';
import { type Blocker, type DoomedRun, type Found, NO_IMAGES } from './doomed.ts';

/** Nobody takes it, or takes it up again, until the transaction ends. @throws DomainError NOT_FOUND */
export async function findRun(tx: Transaction, id: string): Promise<Found> {
  const [run] = await tx.$queryRaw<DoomedRun[]>`
    SELECT id, model, status FROM "TrainingRun" WHERE id = ${id} FOR UPDATE`;
  if (run === undefined) throw runNotFound(id);
  const published = await tx.modelVersion.findUnique({
    where: { runId: id },
    select: { modelName: true, version: true },
  });
  const doomed = {
    ...{ dataset: null, modelVersions: [], models: [], runs: [run], resultImports: [] },
    keptImages: NO_IMAGES,
  };
  const blockers = isActive(run) ? activeRuns([run]) : madeBy(published);
  return { doomed, blockers, what: `the training run ${id}`, typed: null };
}

/** A version without its run could not be run again, nor say how it was trained. */
function madeBy(published: { modelName: string; version: number } | null): Blocker[] {
  if (published === null) return [];
  const { modelName, version } = published;
  return [
    {
      reason: `It made ${modelName} version ${version}.`,
      fix: `Delete that version, and the run goes with it: \`plumb models delete ${modelName}@${version}\`.`,
    },
  ];
}
