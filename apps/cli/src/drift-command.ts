/** @file `plumb models drift`: how far the inspections of a version are from what it was trained on. */
import {
  type CategoryDrift,
  DRIFT_STATE_WORDS,
  type FeatureDrift,
  type ModelMonitoring,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { type Output, table } from './output.ts';
import { versionNumber } from './version-number.ts';

/** @param models the command `plumb models` */
export function addDriftCommand(models: Command): void {
  withAction(
    models
      .command('drift')
      .argument('<name>')
      .argument('[version]', 'default: the promoted one')
      .option('--check', 'check now, in place of the last check')
      .description('say how far the inspections of a version are from what it was trained on'),
    drift,
  );
}

async function drift(
  output: Output,
  name: string,
  version: string | undefined,
  options: JsonOption & { check?: boolean },
): Promise<void> {
  const asked = { name, ...(version === undefined ? {} : { version: versionNumber(version) }) };
  const { api } = await connect(output);
  const found =
    options.check === true
      ? await api.monitoring.check.mutate(asked)
      : await api.monitoring.get.query(asked);
  output.result(found, describeDrift);
}

export function describeDrift({ model, version, window, drift: found }: ModelMonitoring): string {
  const head = `${model} version ${version}, of each category the last ${window.inspections} inspections of the last ${window.days} days`;
  if (found.length === 0)
    return `${head}: not checked yet. Promoted versions are checked every five minutes; --check does it now.`;
  return [
    `${head}:`,
    table(
      ['category', 'state', 'feature', 'state', 'PSI', 'KS', 'p', 'reference', 'inspections'],
      found.flatMap(rowsOf),
    ),
  ].join('\n');
}

function rowsOf({ category, state, features }: CategoryDrift) {
  return features.map((feature, index) => [
    index === 0 ? (category ?? 'pooled threshold') : '',
    index === 0 ? DRIFT_STATE_WORDS[state] : '',
    feature.feature,
    DRIFT_STATE_WORDS[feature.state],
    rounded(feature.psi),
    rounded(feature.ks),
    feature.pValue === null ? '–' : String(Number(feature.pValue.toPrecision(2))),
    withMissing(feature.referenceImages, feature.missing.reference),
    withMissing(feature.images, feature.missing.inspections),
  ]);
}

function rounded(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}

function withMissing(images: FeatureDrift['images'], missing: number): string {
  return missing === 0 ? String(images) : `${images}, ${missing} missing`;
}
