/** @file Runs that have something to show. */
import { DomainError, type Run } from '@plumbline/contracts';
import type { Services } from '../context.ts';

/** @throws DomainError NOT_FOUND; CONFLICT while there is no result, or for a run that did not succeed */
export async function requireResult(
  { database }: Pick<Services, 'database'>,
  id: string,
): Promise<Run & { readonly modelVersion: number }> {
  const run = await database.runs.get(id);
  const { modelVersion } = run;
  if (run.status === 'succeeded' && modelVersion !== null) return { ...run, modelVersion };
  throw new DomainError('CONFLICT', `The run has no result: its status is ${run.status}.`, {
    fix: `See how far it is with \`plumb runs show ${id}\`.`,
  });
}
