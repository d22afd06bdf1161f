/** @file What is known of the inspections of a version: drift by the last check, and what operators said. */
import {
  DomainError,
  type Inspection,
  type JudgeInspectionInput,
  type ListInspectionsInput,
  type ModelMonitoring,
  type MonitoredVersionInput,
  type VerdictCounts,
} from '@plumbline/contracts';
import type { Database } from '@plumbline/db';
import { observedShare } from '@plumbline/eval';
import type { Context, Services } from '../context.ts';
import { checkDrift } from './check-drift.ts';

/** @throws DomainError NOT_FOUND */
export async function getMonitoring(
  { database, monitoring }: Services,
  { name, version }: MonitoredVersionInput,
): Promise<ModelMonitoring> {
  const owner = await database.models.get(name, version ?? 'promoted');
  const [drift, events, judged] = await Promise.all([
    database.drift.checks(owner),
    database.drift.events(owner),
    database.inspections.judged(name, owner.version),
  ]);
  return {
    ...{ model: name, version: owner.version, promoted: owner.promoted },
    ...{ window: monitoring.window, drift, events, verdicts: countVerdicts(judged) },
  };
}

/** @throws DomainError NOT_FOUND; CONFLICT for imported results */
export async function checkNow(
  context: Services,
  asked: MonitoredVersionInput,
): Promise<ModelMonitoring> {
  await checkDrift(context, asked.name, asked.version ?? 'promoted');
  return getMonitoring(context, asked);
}

/** @throws DomainError NOT_FOUND */
export async function listInspections(
  { database }: Services,
  input: ListInspectionsInput,
): Promise<Inspection[]> {
  const { version } = await database.models.get(input.name, input.version ?? 'promoted');
  return database.inspections.list({ ...input, version });
}

/** @throws DomainError NOT_FOUND; INVALID_INPUT for a verdict that does not go with the label */
export async function judgeInspection(
  { database, inspections, principal }: Context,
  input: JudgeInspectionInput,
): Promise<Inspection> {
  // Whoever judges an answer as it comes is faster than the log.
  await inspections.flush();
  const { predictedLabel } = await database.inspections.get(input.id);
  const wrong = predictedLabel === 'anomalous' ? 'missedDefect' : 'falseAlarm';
  if (input.verdict === wrong)
    throw new DomainError(
      'INVALID_INPUT',
      `The inspection was labeled ${predictedLabel}, so it is no ${wrong === 'falseAlarm' ? 'false alarm' : 'missed defect'}.`,
      {
        field: 'verdict',
        fix: `Say right or ${predictedLabel === 'anomalous' ? 'falseAlarm' : 'missedDefect'}; null takes back what was said.`,
      },
    );
  return database.inspections.judge(input, principal.name);
}

type Judged = Awaited<ReturnType<Database['inspections']['judged']>>;

function countVerdicts(judged: Judged): VerdictCounts[] {
  const categories = [...new Set(judged.map(({ category }) => category))];
  return categories.map((category) => {
    const sum = (label: string, verdict?: string) =>
      judged
        .filter((one) => one.category === category && one.predictedLabel === label)
        .filter((one) => verdict === undefined || one.verdict === verdict)
        .reduce((total, { count }) => total + count, 0);
    const [judgedAlarms, falseAlarms] = [sum('anomalous'), sum('anomalous', 'falseAlarm')];
    const [judgedPassed, missedDefects] = [sum('normal'), sum('normal', 'missedDefect')];
    return {
      ...{ category, judgedAlarms, falseAlarms, judgedPassed, missedDefects },
      falseAlarmShare: observedShare(falseAlarms, judgedAlarms),
      missedShare: observedShare(missedDefects, judgedPassed),
    };
  });
}
