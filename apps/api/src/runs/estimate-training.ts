/** @file How long a run would take, of one that can be trained. */
import { hostname } from 'node:os';
import {
  estimateRun,
  planCoverage,
  planParts,
  type StartTrainingInput,
  type TrainingEstimate,
} from '@plumbline/contracts';
import { measureSpeed } from '@plumbline/runtime';
import type { Services } from '../context.ts';
import { checkTraining } from './check-training.ts';

/** @throws DomainError as `checkTraining` */
export async function estimateTraining(
  context: Pick<Services, 'database' | 'backbones'>,
  input: StartTrainingInput,
): Promise<TrainingEstimate> {
  const { plan, dataset } = await checkTraining(context, input);
  const trainers = await context.database.trainers.list();
  const hosts = trainers.filter(({ alive }) => alive).map(({ host }) => host);
  const timings = await context.database.timings.list(hosts.length === 0 ? [hostname()] : hosts);
  const speed = timings.length > 0 ? 1 : await measureSpeed();
  return {
    ...estimateRun(planParts(input, plan, dataset), timings, speed),
    coverage: [...planCoverage(input, plan, dataset)],
  };
}
