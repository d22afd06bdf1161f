/** @file Threshold profiles of a version: what there is, what a choice would mean, making one, going back to one. */
import {
  DomainError,
  type ExplicitThreshold,
  type ModelVersion,
  type Threshold,
  type ThresholdChoice,
  type ThresholdEffect,
  type ThresholdHistory,
  type ThresholdPreview,
  type ThresholdProfile,
  type ThresholdProfileVersion,
} from '@plumbline/contracts';
import {
  parseThresholdRule,
  refitProfile,
  thresholdEffect,
  withSimulatedRates,
} from '@plumbline/eval';
import type { Context, Services } from '../context.ts';

export interface VersionKey {
  readonly name: string;
  readonly version: number;
}

/** @throws DomainError NOT_FOUND; CONFLICT for imported results, which have no thresholds */
export async function thresholdHistory(
  { database }: Services,
  { name, version }: VersionKey,
): Promise<ThresholdHistory> {
  const history = await database.thresholds.history(await database.models.get(name, version));
  return { ...history, profiles: history.profiles.map(simulated) };
}

/** Profiles of before are simulated when they are read. */
function simulated(stored: ThresholdProfileVersion): ThresholdProfileVersion {
  if (stored.profile.simulated !== undefined) return stored;
  return { ...stored, profile: withSimulatedRates(stored.profile) };
}

/** @throws DomainError NOT_FOUND; CONFLICT for imported results, which have no thresholds */
export async function getProfile(
  { database }: Services,
  { name, version, profile }: VersionKey & { profile: number },
): Promise<ThresholdProfileVersion> {
  const owner = await database.models.get(name, version);
  return simulated(await database.thresholds.get(owner, profile));
}

/** What a stored profile means on the test split. */
export async function profileEffect(
  context: Services,
  { name, version, profile }: VersionKey & { profile: number },
): Promise<ThresholdEffect> {
  const owner = await context.database.models.get(name, version);
  const stored = await context.database.thresholds.get(owner, profile);
  return effectOn(context, owner, stored.profile);
}

/** The profile that a choice gives and what it means on the test split. Nothing is stored. */
export async function previewProfile(
  context: Services,
  { name, version, choice }: VersionKey & { choice: ThresholdChoice },
): Promise<ThresholdPreview> {
  const owner = await context.database.models.get(name, version);
  const profile = await profileOf(context, owner, choice);
  return { profile, effect: await effectOn(context, owner, profile) };
}

/** Makes the next profile; it serves from the next inspection on. */
export async function createProfile(
  context: Context,
  { name, version, choice }: VersionKey & { choice: ThresholdChoice },
): Promise<ThresholdProfileVersion> {
  const { database, principal, served } = context;
  const owner = await database.models.get(name, version);
  const profile = await profileOf(context, owner, choice);
  const number = await database.thresholds.create(owner, { choice, profile, by: principal.name });
  await served.refresh(name);
  return database.thresholds.get(await database.models.get(name, version), number);
}

/** Lets a stored profile serve: the way back. */
export async function activateProfile(
  { database, principal, served }: Context,
  { name, version, profile }: VersionKey & { profile: number },
): Promise<ThresholdProfileVersion> {
  const owner = await database.models.get(name, version);
  await database.thresholds.get(owner, profile);
  await database.thresholds.activate(owner, profile, principal.name);
  await served.refresh(name);
  return database.thresholds.get(await database.models.get(name, version), profile);
}

async function effectOn(
  { database }: Services,
  { model, version }: ModelVersion,
  profile: ThresholdProfile,
): Promise<ThresholdEffect> {
  return thresholdEffect(await database.models.images(model, version), profile);
}

/** From held-out normal scores or from what a person says: the test split has no way in. */
async function profileOf(
  { database }: Services,
  owner: ModelVersion,
  choice: ThresholdChoice,
): Promise<ThresholdProfile> {
  const { profile: active } = await database.thresholds.active(owner);
  if (choice.by === 'hand') return byHand(active, choice, Object.keys(owner.manifest.categories));
  const { falseAlarmTarget, uncertainTarget, scope, rule } = choice;
  return refitProfile(active, {
    falseAlarmTarget,
    scope,
    ...(rule === undefined ? {} : { rule: parseThresholdRule(rule) }),
    ...(uncertainTarget === undefined ? {} : { uncertainTarget }),
  });
}

type ByHand = Extract<ThresholdChoice, { by: 'hand' }>;

/** A category that has no threshold of its own, for want of normal images, can be given one. */
function byHand(
  active: ThresholdProfile,
  choice: ByHand,
  trainedOn: readonly string[],
): ThresholdProfile {
  const known = new Map(Object.entries(active.categories));
  const chosen = new Map(Object.entries(choice.categories));
  const names = [...new Set([...known.keys(), ...trainedOn])];
  for (const name of chosen.keys()) {
    if (names.includes(name)) continue;
    throw new DomainError('INVALID_INPUT', `The model knows no category "${name}".`, {
      field: `categories.${name}`,
      fix: `Use one of ${names.sort().join(', ')}.`,
    });
  }
  if (choice.pooled === undefined && chosen.size === 0) {
    throw new DomainError('INVALID_INPUT', 'No threshold was given.', {
      field: 'categories',
      fix: 'Give a threshold for at least one category, or for all of them pooled.',
    });
  }
  return withSimulatedRates({
    rule: `Set by hand: ${choice.note}`,
    falseAlarmTarget: null,
    ...(active.scoresFrom === undefined ? {} : { scoresFrom: active.scoresFrom }),
    pooled: withCuts(active.pooled, choice.pooled, 'pooled'),
    categories: Object.fromEntries(
      names
        .filter((name) => known.has(name) || chosen.has(name))
        .map((name) => {
          const before = known.get(name) ?? { ...active.pooled, heldOutScores: [] };
          return [name, withCuts(before, chosen.get(name), `categories.${name}`)];
        }),
    ),
  });
}

function withCuts(
  threshold: Threshold,
  cuts: ExplicitThreshold | undefined,
  field: string,
): Threshold {
  if (cuts === undefined) return threshold;
  const { imageThreshold, uncertainThreshold } = cuts;
  if (uncertainThreshold !== undefined && uncertainThreshold >= imageThreshold) {
    throw new DomainError(
      'INVALID_INPUT',
      `The uncertain band would begin at ${uncertainThreshold}, not below the threshold ${imageThreshold}.`,
      { field: `${field}.uncertainThreshold`, fix: 'Give a lower value, or leave the band out.' },
    );
  }
  const { pixelThreshold, heldOutScores } = threshold;
  return {
    imageThreshold,
    ...(uncertainThreshold === undefined ? {} : { uncertainThreshold }),
    pixelThreshold,
    heldOutScores,
  };
}
