/** @file What the webhook is told of drift: for programs, and in words for people. */
import {
  DRIFT_CUTS,
  DRIFT_STATE_WORDS,
  type DriftEvent,
  type DriftFeature,
  type DriftReference,
  type DriftState,
  type DriftWebhook,
  type FeatureDrift,
} from './monitoring.ts';

const REFERENCE_WORDS: Readonly<Record<DriftReference, string>> = {
  heldOut: 'held-out scores',
  training: 'training images',
  firstInspections: 'first inspections of the version',
};

/** @param drift of the event's category, after it */
export function driftMessage(
  of: { readonly id: string; readonly model: string; readonly version: number },
  event: DriftEvent,
  features: readonly FeatureDrift[],
): DriftWebhook {
  const measured = features
    .filter(({ feature }) => event.features.includes(feature))
    .map((one) => ({ ...one, limit: limitOf(one.state) }));
  const page = `/models/${encodeURIComponent(of.model)}/${of.version}/monitoring`;
  const text = textOf(of, event, { measured, page });
  return { type: 'drift.changed', ...of, ...event, text, page, measured };
}

type Measured = DriftWebhook['measured'][number];

/** PSI from which the state begins, or below which an `ok` one stays. */
function limitOf(state: DriftState): number | null {
  if (state === 'notEnough') return null;
  return DRIFT_CUTS[state === 'drifted' ? 'drifted' : 'warning'].psi;
}

function textOf(
  { model, version }: { readonly model: string; readonly version: number },
  { category, from, to }: DriftEvent,
  { measured, page }: { readonly measured: readonly Measured[]; readonly page: string },
): string {
  const of = category === null ? 'pooled threshold' : `category ${category}`;
  const head = `${model} version ${version}, ${of}: ${DRIFT_STATE_WORDS[to]}, before: ${DRIFT_STATE_WORDS[from]}.`;
  // Whatever else is fine needs no numbers.
  const found = to === 'warning' || to === 'drifted' ? measured.map(sentenceOf) : [];
  return [head, ...found, `Look at the images: ${page} of the dashboard.`].join(' ');
}

function sentenceOf(one: Measured): string {
  const { feature, psi, limit, reference, referenceMedian, median, images } = one;
  const name = feature.charAt(0).toUpperCase() + feature.slice(1);
  const [was, is] = [referenceMedian, median].map((value) => valueText(feature, value));
  return `${name}: PSI ${psi?.toFixed(2) ?? '–'}, limit ${limit ?? '–'}; median ${was} in the ${REFERENCE_WORDS[reference]}, ${is} in the last ${images} inspections.`;
}

function valueText(feature: DriftFeature, value: FeatureDrift['median']): string {
  if (value === null) return '–';
  if (feature === 'size') return `${(value / 1e6).toFixed(2)} MP`;
  return feature === 'score' ? String(Number(value.toPrecision(3))) : value.toFixed(1);
}
