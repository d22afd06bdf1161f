/** @file The training form as typed, and what the API would get of it; what is wrong with it, by field. */

import type { RlrSettings } from '@plumbline/contracts';
import {
  DEFAULT_BACKBONE,
  type ErrorBody,
  type PresetName,
  type StartTrainingInput,
  startTrainingInput,
} from '@plumbline/contracts';

export interface TrainingDraft {
  readonly dataset: string;
  readonly method: StartTrainingInput['method'];
  readonly preset: PresetName;
  /** Empty while a path is being asked for. */
  readonly backbone: string;
  /** Empty: the preset's. */
  readonly imageSizePx: string;
  readonly seed: string;
  /** Empty: named after dataset and method. */
  readonly model: string;
  readonly decoder: boolean;
}

/** The form's fields, in its order: what focus goes to first. */
export const DRAFT_FIELDS = [
  'dataset',
  'method',
  'preset',
  'backbone',
  'imageSizePx',
  'seed',
  'model',
  'decoder',
] as const;
export type DraftField = (typeof DRAFT_FIELDS)[number];

/** A sentence for each field at fault. */
export type DraftProblems = ReadonlyMap<DraftField, string>;

export type CheckedDraft =
  | { readonly input: StartTrainingInput; readonly problems: DraftProblems }
  | { readonly input: null; readonly problems: DraftProblems };

/** @param rlr Settings of RLR beside the preset; other methods get none. */
export function checkDraft(draft: TrainingDraft, rlr: RlrSettings | undefined): CheckedDraft {
  const { dataset, method, preset, backbone, imageSizePx, seed, model, decoder } = draft;
  const parsed = startTrainingInput.safeParse({
    ...{ dataset, method, preset },
    backbone: backbone.trim() || DEFAULT_BACKBONE,
    // `Number('')` would be 0.
    seed: seed.trim() === '' ? Number.NaN : Number(seed),
    ...(imageSizePx === '' ? {} : { imageSizePx: Number(imageSizePx) }),
    ...(model === '' ? {} : { model }),
    ...(decoder && method === 'rlr' ? { decoder } : {}),
    ...(rlr === undefined || method !== 'rlr' ? {} : { rlr }),
  });
  if (parsed.success) return { input: parsed.data, problems: new Map() };
  const problems = new Map<DraftField, string>();
  for (const { path, message } of parsed.error.issues) {
    const field = fieldOf(String(path[0] ?? ''));
    if (field !== null && !problems.has(field)) problems.set(field, message);
  }
  return { input: null, problems };
}

/** The API's refusal at the field that it names; none for what no field of the form stands for. */
export function problemOf(error: ErrorBody | null): DraftProblems {
  const field = fieldOf(error?.field ?? '');
  if (error === null || field === null) return new Map();
  return new Map([[field, error.fix === null ? error.message : `${error.message} ${error.fix}`]]);
}

/** Taps follow from backbone and image size here. */
function fieldOf(name: string): DraftField | null {
  if (name === 'featureTaps') return 'imageSizePx';
  return DRAFT_FIELDS.find((field) => field === name) ?? null;
}
