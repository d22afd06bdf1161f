/** @file What a model version was made with: equal for versions that differ in their seeds alone. */
import { createHash } from 'node:crypto';
import {
  backboneLabel,
  type ConfigurationDifference,
  METHODS,
  type ModelVersion,
  methodDefinition,
  precisionOf,
  type StartTrainingInput,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';

type Settings = Readonly<Record<string, string>>;

/** Of a training input, what names or places the run but does not change how it is trained, or stands in columns. */
const NO_OVERRIDES = [
  ...['dataset', 'method', 'preset', 'backbone', 'precision', 'seed', 'model'],
  ...['reproduces', 'extends'],
];

/**
 * Eight hexadecimal digits over method, preset, backbone, feature taps and every setting but the seed. Settings are `config.preset`, as the
 * method resolved them; what else is in `config` came of fitting (steps of an epoch, patches kept) and follows the seed.
 */
export function configurationKey({ manifest }: Pick<ModelVersion, 'manifest'>): string {
  const { method, preset, backbone } = manifest;
  const { seed: _, ...settings } = resolvedSettings({ manifest });
  // Absent in float32, so that keys of before there was a choice stay.
  const other = backbone === null ? 'float32' : precisionOf(backbone);
  const precision = other === 'float32' ? {} : { precision: other };
  const facts = {
    ...{ method, preset, backbone: backbone?.sha256, taps: backbone?.featureTaps },
    ...precision,
  };
  const content = JSON.stringify([facts, Object.entries(settings).sort()]);
  return createHash('sha256').update(content).digest('hex').slice(0, 8);
}

/** As the method resolved them, by name, flat: without those that say what was so before they were settings. */
export function resolvedSettings({
  manifest: { method, config },
}: Pick<ModelVersion, 'manifest'>): Settings {
  return flatten(withoutNewcomers(method, settingsOfConfig(config['preset']) ?? config));
}

/**
 * Without settings that are as they were before they were settings: versions of then don't have them, and are alike.
 */
function withoutNewcomers(
  method: string,
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const known = METHODS.find((name) => name === method);
  if (known === undefined) return settings;
  const before = new Map(methodDefinition(known).fields.map((field) => [field.name, field.before]));
  const kept = Object.entries(settings).filter(
    ([name, value]) => value === undefined || value !== before.get(name),
  );
  return Object.fromEntries(kept);
}

function settingsOfConfig(preset: unknown): Readonly<Record<string, unknown>> | null {
  return typeof preset === 'object' && preset !== null && !Array.isArray(preset)
    ? { ...preset }
    : null;
}

/** What was asked for beyond the preset, in words; null when nothing was, or the run is gone. */
export async function overridesOf(
  { database }: Services,
  { manifest }: ModelVersion,
): Promise<string | null> {
  const input = await database.runs.input(manifest.lineage.run).catch(() => null);
  return input === null ? null : describeOverrides(input);
}

export function describeOverrides(input: StartTrainingInput): string | null {
  const { settings = {}, ...rest } = input;
  const own = Object.entries({ ...rest, ...settings }).filter(
    ([name]) => !NO_OVERRIDES.includes(name),
  );
  const words = Object.entries(flatten(Object.fromEntries(own))).map(
    ([name, value]) => `${name} ${value}`,
  );
  return words.length === 0 ? null : words.join(', ');
}

/** Settings in which two versions differ; null where one of them has no such setting. */
export function configurationDifferences(
  a: ModelVersion,
  b: ModelVersion,
): ConfigurationDifference[] {
  const ofA = settingsOf(a);
  const ofB = settingsOf(b);
  return [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])]
    .filter((name) => ofA[name] !== ofB[name])
    .map((setting) => ({ setting, a: ofA[setting] ?? null, b: ofB[setting] ?? null }));
}

function settingsOf({ manifest }: ModelVersion): Settings {
  const { method, preset, seed, backbone, lineage, config } = manifest;
  return {
    method,
    preset,
    ...(backbone === null
      ? {}
      : {
          backbone: `${backboneLabel(backbone)} (SHA-256 ${backbone.sha256.slice(0, 12)}…)`,
          'feature taps': backbone.featureTaps.join(', '),
        }),
    seed: String(seed),
    code: lineage.codeVersion,
    ...flatten(config),
  };
}

function isPlainArray(value: object): boolean {
  return Array.isArray(value) && value.every((one) => typeof one !== 'object' || one === null);
}

/** `{ levels: { 16: { width: 4 } } }` becomes `{ 'levels.16.width': '4' }`; arrays of plain values stay one value. */
function flatten(value: Readonly<Record<string, unknown>>, prefix = ''): Settings {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]): [string, string][] => {
      if (inner === undefined) return [];
      if (typeof inner === 'object' && inner !== null && !isPlainArray(inner))
        return Object.entries(flatten(inner as Record<string, unknown>, `${prefix}${name}.`));
      return [[`${prefix}${name}`, typeof inner === 'string' ? inner : JSON.stringify(inner)]];
    }),
  );
}
