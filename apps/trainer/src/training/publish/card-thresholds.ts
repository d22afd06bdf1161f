/** @file The parts of `card.md` about thresholds and the training images behind them. */
import {
  falseAlarmNotes,
  lookedThroughWords,
  simulatedWords,
  suspectsWords,
  type TrainingScores,
  thresholdNotes,
  toSuspects,
  versionNumberOf,
} from '@plumbline/contracts';
import type { UnsignedManifest } from './unsigned-manifest.ts';

export function thresholds(manifest: UnsignedManifest): string {
  const { thresholds: profile, categories } = manifest;
  if (profile === null)
    return 'None: imported results have no held-out normal scores to set thresholds from.';
  const rows = [...Object.entries(profile.categories), ['pooled', profile.pooled] as const].map(
    ([name, one]) => {
      return `| ${name} | ${one.imageThreshold.toPrecision(6)} | ${one.uncertainThreshold?.toPrecision(6) ?? '–'} | ${one.heldOutScores.length} | ${one.simulated === undefined ? '–' : simulatedWords(one.simulated)} |`;
    },
  );
  return [
    `${profile.rule} The test split had no part in them.`,
    [
      '| category | anomalous from | uncertain from | normal images it comes from | simulated false alarms |',
      '|---|--:|--:|--:|--:|',
      ...rows,
    ].join('\n'),
    ...heldOutWords(manifest),
    ...falseAlarmNotes(profile),
    ...thresholdNotes(profile, Object.keys(categories)),
    'This is the first threshold profile. The platform may use a later one, and says which in every answer.',
  ].join('\n\n');
}

/** Training images that a person should look at. */
export function standingOut(manifest: UnsignedManifest, scores: TrainingScores | null): string[] {
  if (scores === null) return [];
  const found = toSuspects(scores);
  const rows = found.suspects.map(
    ({ path, category, imageScore, robustCut, deviations, isLearned }) =>
      `| ${path} | ${category} | ${imageScore.toPrecision(4)} | ${robustCut.toPrecision(4)} | ${deviations.toFixed(1)} | ${isLearned ? 'that learned from it' : 'without it'} |`,
  );
  return [
    [
      '## Training images that stand out',
      suspectsWords(found),
      ...(rows.length === 0
        ? []
        : [
            [
              '| image | category | score | robust cut | robust deviations | scored by the fit |',
              '|---|---|--:|--:|--:|---|',
              ...rows,
            ].join('\n'),
          ]),
      ...searchedWords(manifest),
    ].join('\n\n'),
  ];
}

/** What was known before the training. */
function searchedWords(manifest: UnsignedManifest): string[] {
  if (manifest.kind === 'external' || manifest.lookedThrough === undefined) return [];
  const version = versionNumberOf(manifest.lineage.datasetVersion) ?? 1;
  return [`Before the training: ${lookedThroughWords(manifest.lookedThrough, version)}`];
}

function heldOutWords(manifest: UnsignedManifest): string[] {
  if (manifest.kind === 'external' || manifest.heldOutUse === undefined) return [];
  const [, ...more] = manifest.heldOutUse;
  if (more.length === 0) return [];
  return [`The held-out normal images also decided: ${more.join(', ')}.`];
}
