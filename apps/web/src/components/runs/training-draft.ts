/** @file The training form as typed, and what the API would get of it; what is wrong with it, by field. */
import {
  DEFAULT_BACKBONE,
  type ErrorBody,
  type MethodName,
  methodDefinition,
  type Precision,
  type Preprocessing,
  type PresetName,
  readSetting,
  type SettingField,
  type StartTrainingInput,
  startTrainingInput,
} from '@plumbline/contracts';

export interface TrainingDraft {
  readonly dataset: string;
  readonly method: MethodName;
  readonly preset: PresetName;
  /** Empty while a path is being asked for. */
  readonly backbone: string;
  readonly precision: Precision;
  readonly seed: string;
  /** Empty: named after dataset and method. */
  readonly model: string;
  readonly decoder: boolean;
  /** By `settingKey`; one that is absent or empty is left to the preset. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What is typed for one method is kept, but not sent, while another is chosen; basic settings are of all methods. */
export function settingKey(method: MethodName, { name, basic }: SettingField): string {
  return basic === true ? name : `${method}.${name}`;
}

/** The form's fields beside the settings. */
const DRAFT_FIELDS = [
  'dataset',
  'method',
  'preset',
  'backbone',
  'precision',
  'seed',
  'model',
  'decoder',
] as const;
export type DraftField = (typeof DRAFT_FIELDS)[number] | `settings.${string}`;

/** A sentence for each field at fault. */
export type DraftProblems = ReadonlyMap<DraftField, string>;

export type CheckedDraft =
  | { readonly input: StartTrainingInput; readonly problems: DraftProblems }
  | { readonly input: null; readonly problems: DraftProblems };

export function checkDraft(draft: TrainingDraft): CheckedDraft {
  const { dataset, method, preset, backbone, precision, seed, model, decoder } = draft;
  const settings = settingsOf(draft);
  const parsed = startTrainingInput.safeParse({
    ...{ dataset, method, preset },
    backbone: backbone.trim() || DEFAULT_BACKBONE,
    ...(precision === 'float32' ? {} : { precision }),
    // `Number('')` would be 0.
    seed: seed.trim() === '' ? Number.NaN : Number(seed),
    ...(model === '' ? {} : { model }),
    ...(decoder && methodDefinition(method).reconstructs ? { decoder } : {}),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  });
  if (parsed.success) return { input: parsed.data, problems: new Map() };
  const problems = new Map<DraftField, string>();
  for (const { path, message } of parsed.error.issues) {
    const field = fieldOf(path.map(String));
    if (field !== null && !problems.has(field)) problems.set(field, message);
  }
  return { input: null, problems };
}

function settingsOf({ method, settings }: TrainingDraft): Record<string, unknown> {
  const typed = methodDefinition(method).fields.flatMap((field): [string, unknown][] => {
    const text = settings[settingKey(method, field)]?.trim() ?? '';
    return text === '' ? [] : [[field.name, readSetting(field, text)]];
  });
  return Object.fromEntries(typed);
}

/** What would become of images; what can't be read, or trained, is left to the preset meanwhile. */
export function preparedImagesOf(draft: TrainingDraft): Preprocessing {
  const { resolve, needs } = methodDefinition(draft.method);
  const { imageSizePx, tileRows, tileColumns, tileOverlap } = settingsOf(draft);
  try {
    const given = { imageSizePx, tileRows, tileColumns, tileOverlap };
    return needs(resolve(draft.preset, given)).preprocessing;
  } catch {
    return needs(resolve(draft.preset, { imageSizePx })).preprocessing;
  }
}

/** The API's refusal at the field that it names; none for what no field of the form stands for. */
export function problemOf(error: ErrorBody | null): DraftProblems {
  const field = fieldOf(error?.field?.split('.') ?? []);
  if (error === null || field === null) return new Map();
  return new Map([[field, error.fix === null ? error.message : `${error.message} ${error.fix}`]]);
}

/** Taps follow from backbone and image size here. */
function fieldOf([name, setting]: readonly string[]): DraftField | null {
  if (name === 'featureTaps') return 'settings.imageSizePx';
  if (name === 'settings') return setting === undefined ? null : `settings.${setting}`;
  return DRAFT_FIELDS.find((field) => field === name) ?? null;
}
