/** @file `plumb thresholds show|set|history|activate`. */
import {
  DomainError,
  type ExplicitThreshold,
  falseAlarmNotes,
  simulatedWords,
  type Threshold,
  type ThresholdChoice,
  type ThresholdCounts,
  type ThresholdEffect,
  type ThresholdHistory,
  type ThresholdProfile,
  thresholdNotes,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { type Output, table } from './output.ts';
import { wholeNumber } from './version-number.ts';

const NEVER_CHOSEN =
  'Counts on the test split are for information; it is never used to choose a threshold.';

export function addThresholdCommands(program: Command): void {
  const thresholds = program
    .command('thresholds')
    .description('look at and change the thresholds of a model version');
  const add = (name: string) =>
    thresholds.command(name).argument('<model>').argument('<version>', 'of the model');
  withAction(
    add('show')
      .argument('[profile]', 'default: the active one')
      .description('thresholds, and what they mean on the test split'),
    show,
  );
  withAction(add('history').description('all profiles, and which was active when'), history);
  withAction(
    add('activate').argument('<profile>').description('activate an earlier profile'),
    activate,
  );
  withAction(
    add('set')
      .option('--rule <name>', 'rule that makes thresholds from held-out normal scores')
      .option('--target <share>', 'false-alarm target of the rule, such as 0.01')
      .option('--uncertain <share>', 'target of the uncertain band, such as 0.05')
      .option('--pooled', 'one threshold for all categories')
      .option(
        '--value <category=threshold[,uncertain]>',
        'set by hand; repeat for each category ("pooled" for the pooled threshold)',
        (text: string, all: readonly string[]) => [...all, text],
        [],
      )
      .option('--note <text>', 'the reason; required with --value', '')
      .option('--dry-run', 'show what it would mean, without storing it')
      .description('make a new profile, which applies at once'),
    set,
  );
}

async function show(
  output: Output,
  name: string,
  version: string,
  profile: string | undefined,
): Promise<void> {
  const key = { name, version: wholeNumber(version, 'version') };
  const wanted = profile === undefined ? null : wholeNumber(profile, 'profile');
  const { api } = await connect(output);
  const { profiles } = await api.thresholds.history.query(key);
  const shown = profiles.find((one) => (wanted === null ? one.active : one.version === wanted));
  if (shown === undefined) {
    throw new DomainError('NOT_FOUND', `${name} ${version} has no threshold profile ${profile}.`, {
      field: 'profile',
      fix: `It has ${profiles.map((one) => one.version).join(', ')}.`,
    });
  }
  const effect = await api.thresholds.effect.query({ ...key, profile: shown.version });
  output.result({ ...shown, effect }, (value) =>
    [
      `${name} version ${version}, threshold profile ${value.version}${value.active ? ', active' : ''}`,
      describe(value.profile, value.effect),
    ].join('\n'),
  );
}

async function history(output: Output, name: string, version: string): Promise<void> {
  const key = { name, version: wholeNumber(version, 'version') };
  const { api } = await connect(output);
  output.result(await api.thresholds.history.query(key), describeHistory);
}

async function activate(
  output: Output,
  name: string,
  version: string,
  profile: string,
): Promise<void> {
  const asked = {
    ...{ name, version: wholeNumber(version, 'version') },
    profile: wholeNumber(profile, 'profile'),
  };
  const { api } = await connect(output);
  const active = await api.thresholds.activate.mutate(asked);
  output.result(active, (one) => `Threshold profile ${one.version} of ${name} ${version} serves.`);
}

interface SetOptions extends JsonOption {
  readonly rule?: string;
  readonly target?: string;
  readonly uncertain?: string;
  readonly pooled?: boolean;
  readonly value: readonly string[];
  readonly note: string;
  readonly dryRun?: boolean;
}

async function set(
  output: Output,
  name: string,
  version: string,
  options: SetOptions,
): Promise<void> {
  const input = { name, version: wholeNumber(version, 'version'), choice: choiceOf(options) };
  const { api } = await connect(output);
  const preview = await api.thresholds.preview.mutate(input);
  if (options.dryRun === true) {
    output.result(preview, ({ profile, effect }) => describe(profile, effect));
    return;
  }
  const made = await api.thresholds.create.mutate(input);
  output.result({ ...made, effect: preview.effect }, (value) =>
    [
      `Threshold profile ${value.version} of ${name} ${version} serves.`,
      describe(value.profile, value.effect),
    ].join('\n'),
  );
}

function choiceOf(options: SetOptions): ThresholdChoice {
  const { note } = options;
  if (options.value.length === 0) {
    return {
      by: 'rule',
      falseAlarmTarget: options.target === undefined ? 0.01 : share(options.target, 'target'),
      scope: options.pooled === true ? 'pooled' : 'category',
      note,
      ...(options.rule === undefined ? {} : { rule: options.rule }),
      ...(options.uncertain === undefined
        ? {}
        : { uncertainTarget: share(options.uncertain, 'uncertain') }),
    };
  }
  const byRule = ['rule', 'target', 'uncertain', 'pooled'] as const;
  const mixed = byRule.find((option) => options[option] !== undefined);
  if (mixed !== undefined) {
    throw new DomainError('INVALID_INPUT', `--value and --${mixed} were both given.`, {
      field: mixed,
      fix: 'Set thresholds by hand with --value, or by a rule without it.',
    });
  }
  const { pooled, ...categories } = Object.fromEntries(options.value.map(explicit));
  return { by: 'hand', categories, note, ...(pooled === undefined ? {} : { pooled }) };
}

function explicit(text: string): [string, ExplicitThreshold] {
  const at = text.lastIndexOf('=');
  const numbers = text
    .slice(at + 1)
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [imageThreshold = Number.NaN, uncertainThreshold] = numbers;
  if (at < 1 || numbers.length > 2 || !numbers.every(Number.isFinite)) {
    throw new DomainError('INVALID_INPUT', `"${text}" sets no threshold.`, {
      field: 'value',
      fix: 'Write category=threshold or category=threshold,uncertain, such as bolt=1.25,1.1.',
    });
  }
  return [
    text.slice(0, at),
    { imageThreshold, ...(uncertainThreshold === undefined ? {} : { uncertainThreshold }) },
  ];
}

function share(text: string, field: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new DomainError('INVALID_INPUT', `"${text}" is not a share.`, {
    field,
    fix: 'Give a number between 0 and 1, such as 0.01.',
  });
}

export function describe(profile: ThresholdProfile, effect: ThresholdEffect): string {
  const own = new Map(Object.entries(profile.categories));
  const effects = new Map(Object.entries(effect.categories));
  const names = [...new Set([...own.keys(), ...effects.keys()])].sort();
  return [
    profile.rule,
    table(
      [
        'category',
        'threshold',
        'uncertain from',
        'held-out',
        'simulated false alarms',
        'missed',
        'false alarms',
        'in band',
      ],
      [
        ...names.map((name) => {
          const threshold = own.get(name);
          const counts = effects.get(name);
          const cuts = threshold === undefined ? ['as pooled', '–', 0, '–'] : cutsOf(threshold);
          return [name, ...cuts, ...(counts === undefined ? ['', '', ''] : countsOf(counts))];
        }),
        ['(pooled)', ...cutsOf(profile.pooled), '', '', ''],
        ['all', '', '', '', ratesOf(profile), ...countsOf(effect.total)],
      ],
    ),
    ...falseAlarmNotes(profile),
    ...thresholdNotes(profile, names),
    NEVER_CHOSEN,
  ].join('\n');
}

function cutsOf(threshold: Threshold): (string | number)[] {
  return [
    threshold.imageThreshold.toPrecision(5),
    threshold.uncertainThreshold?.toPrecision(5) ?? '–',
    threshold.heldOutScores.length,
    ratesOf(threshold),
  ];
}

function ratesOf({ simulated }: Pick<Threshold, 'simulated'>): string {
  return simulated === undefined ? '–' : simulatedWords(simulated);
}

function countsOf(counts: ThresholdCounts): (string | number)[] {
  return [
    `${counts.missed} of ${counts.anomalous}`,
    `${counts.falseAlarms} of ${counts.normal}`,
    counts.anomalousInBand + counts.normalInBand,
  ];
}

function describeHistory({ profiles, activations }: ThresholdHistory): string {
  return [
    table(
      ['profile', 'active', 'made', 'by', 'rule'],
      profiles.map((one) => [
        one.version,
        one.active ? 'yes' : '',
        one.createdAt.slice(0, 16),
        one.createdBy,
        one.profile.rule.length > 60 ? `${one.profile.rule.slice(0, 59)}…` : one.profile.rule,
      ]),
    ),
    ...activations.map((one) => `${one.at.slice(0, 16)}  profile ${one.version} by ${one.by}`),
  ].join('\n');
}
