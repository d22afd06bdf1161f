/** @file Tells a run's reporter what the run is made of, and keeps what its parts took. */
import { describeCoverage, planCoverage, planParts } from '@plumbline/contracts';
import { measureSpeed } from '@plumbline/runtime';
import type { TrainingContext } from '../training-context.ts';

export async function planReport(context: TrainingContext): Promise<void> {
  const { database, environment, executor, input, reporter } = context;
  const dataset = await database.trainingFacts.of(context.run.dataset);
  const cacheBytes = environment.featureCacheBytes ?? undefined;
  const parts = planParts(input, context, dataset, cacheBytes);
  const coverage = describeCoverage(planCoverage(input, context, dataset));
  if (coverage !== '') await reporter.log(`Planned: ${coverage}`);
  const timings = await database.timings.list([environment.host], executor.provider);
  reporter.plan(parts, timings, timings.length > 0 ? 1 : await measureSpeed());
}

/** Of a run that was interrupted nobody knows what its parts would have taken. */
export async function keepTimings({
  run,
  reporter,
  environment,
  executor,
}: TrainingContext): Promise<void> {
  if (run.attempts > 1) return;
  await reporter.keepTimings({ host: environment.host, provider: executor.provider });
}
