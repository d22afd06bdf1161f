/** @file Compares the inspections of a version, category by category, with what they are to be like. */
import {
  assertTrained,
  type CategoryDrift,
  type DriftFeature,
  type DriftState,
  type ImageLook,
  lookUp,
  type TrainedVersion,
} from '@plumbline/contracts';
import type { LookReference, NewCheck, SeenImage } from '@plumbline/db';
import { categoryState, featureDrift, LEAST_INSPECTIONS } from '@plumbline/eval';
import type { Services } from '../context.ts';
import { lookReference } from './look-reference.ts';

const LOOKS: Readonly<Record<Exclude<DriftFeature, 'score'>, (look: ImageLook) => number>> = {
  brightness: ({ brightness }) => brightness,
  sharpness: ({ sharpness }) => sharpness,
  size: ({ width, height }) => width * height,
};

/** Of one category: what was seen, and what it is compared with. */
interface Compared {
  readonly category: string | null;
  readonly seen: readonly SeenImage[];
  readonly scores: readonly number[];
  /** Null: not read yet, since there are too few inspections. */
  readonly looks: LookReference | null;
}

/** @throws DomainError NOT_FOUND; CONFLICT for imported results, which inspect nothing */
export async function checkDrift(
  context: Services,
  name: string,
  selector: number | 'promoted',
): Promise<void> {
  const { database, monitoring } = context;
  const version = await database.models.get(name, selector);
  assertTrained(version);
  const compared: Compared[] = [];
  for (const category of [...categoriesOf(version), null]) {
    const seen = await database.drift.window(
      { model: name, version: version.version },
      category,
      monitoring.window,
    );
    // Nobody asks for the pooled threshold where nobody did.
    if (category === null && seen.length === 0) continue;
    const looks = await lookReference(context, version, {
      category,
      // Training images are read once, when they are needed.
      isNeeded: seen.length >= LEAST_INSPECTIONS,
    });
    compared.push({ category, seen, scores: heldOutScores(version, category), looks });
  }
  await database.drift.check(
    { model: name, version: version.version },
    { at: new Date(), webhook: monitoring.webhook },
    (before) => compared.map((one) => decide(one, before)),
  );
}

function decide(compared: Compared, before: readonly CategoryDrift[]): NewCheck {
  const { category, seen, scores, looks } = compared;
  const last = before.find((check) => check.category === category)?.features ?? [];
  const stateBefore = (feature: DriftFeature): DriftState | null =>
    last.find((one) => one.feature === feature)?.state ?? null;
  const shown = seen.flatMap(({ look }) => look ?? []);
  const features = [
    featureDrift({
      feature: 'score',
      source: 'heldOut',
      reference: scores,
      inspections: seen.map(({ imageScore }) => imageScore),
      before: stateBefore('score'),
    }),
    ...(['brightness', 'sharpness', 'size'] as const).map((feature) => {
      const found = featureDrift({
        feature,
        source: looks?.source ?? 'training',
        reference: looks?.looks.map(LOOKS[feature]) ?? [],
        inspections: shown.map(LOOKS[feature]),
        before: stateBefore(feature),
      });
      // What was not read yet is not missing.
      return looks === null ? { ...found, missing: { ...found.missing, reference: 0 } } : found;
    }),
  ];
  return { category, state: categoryState(features), features };
}

/** Those with thresholds or test images, by name. */
function categoriesOf({ manifest }: TrainedVersion): string[] {
  const { thresholds, categories } = manifest;
  return [...new Set([...Object.keys(thresholds.categories), ...Object.keys(categories)])].sort();
}

/** What the thresholds of the bundle rest on. */
function heldOutScores({ manifest }: TrainedVersion, category: string | null): readonly number[] {
  const { pooled, categories } = manifest.thresholds;
  if (category === null) return pooled.heldOutScores;
  return lookUp(categories, category)?.heldOutScores ?? [];
}
