/** @file What `plumb train` was asked for as the API takes it; what is wrong is said with the option that was typed. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  DomainError,
  findCatalogBackbone,
  findEmbeddedBackbone,
  METHODS,
  methodDefinition,
  type SettingField,
  type StartTrainingInput,
  startTrainingInput,
} from '@plumbline/contracts';
import { readSettings } from './read-settings.ts';

export interface TrainingOptions {
  readonly dataset: string;
  readonly datasetVersion?: string;
  readonly method: string;
  readonly preset: string;
  readonly set: readonly string[];
  readonly backbone: string;
  readonly taps?: string;
  readonly precision?: string;
  readonly seed: string;
  readonly model?: string;
  readonly maxSteps?: string;
  readonly decoder?: boolean;
}

/** The options that are not called as the field they fill. */
const OPTION_NAMES: ReadonlyMap<string, string> = new Map([
  ['featureTaps', '--taps'],
  ['maxSteps', '--max-steps'],
  ['datasetVersion', '--dataset-version'],
]);

/** @throws DomainError INVALID_INPUT naming the option. */
export function readTrainingInput(options: TrainingOptions): StartTrainingInput {
  const settings = readSettings(options.set, fieldsOf(options.method));
  const input = startTrainingInput.safeParse({
    dataset: options.dataset,
    datasetVersion:
      options.datasetVersion === undefined ? undefined : numberOf(options.datasetVersion),
    method: options.method,
    preset: options.preset,
    backbone: backboneOf(options.backbone),
    featureTaps: options.taps?.split(',').map((tap) => tap.trim()),
    precision: options.precision,
    seed: numberOf(options.seed),
    model: options.model,
    maxSteps: options.maxSteps === undefined ? undefined : numberOf(options.maxSteps),
    ...(options.decoder === true ? { decoder: true } : {}),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  });
  if (input.success) return input.data;
  const [issue] = input.error.issues;
  const path = issue?.path.map(String) ?? [];
  const field = path.join('.');
  throw new DomainError('INVALID_INPUT', `${optionOf(path)}: ${issue?.message}`, {
    field,
    fix: 'See "plumb train --help".',
  });
}

/** An unknown method is refused with the rest. */
function fieldsOf(method: string): readonly SettingField[] {
  const known = METHODS.find((name) => name === method);
  return known === undefined ? [] : methodDefinition(known).fields;
}

function optionOf([first = 'input', ...rest]: readonly string[]): string {
  if (first === 'settings') return `--set ${rest.join('.')}`.trim();
  return OPTION_NAMES.get(first) ?? `--${first}`;
}

/** Nothing is no number: `Number('')` would be 0. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

/** A file becomes its whole path; a name of the catalog stays one even where a folder has that name. */
function backboneOf(backbone: string): string {
  const isName = findEmbeddedBackbone(backbone) !== null || findCatalogBackbone(backbone) !== null;
  return !isName && existsSync(backbone) ? resolve(backbone) : backbone;
}
