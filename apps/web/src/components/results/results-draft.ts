/** @file What the form for imported results holds, checked by the API's own schema; which field an error belongs to. */
import { type ErrorBody, type ImportResultsInput, importResultsInput } from '@plumbline/contracts';

export type SourceKind = 'upload' | 'path';

/** The fields as typed. */
export interface ResultsDraft {
  readonly kind: SourceKind;
  readonly path: string;
  readonly model: string;
  readonly method: string;
  readonly protocol: string;
  readonly seed: string;
  readonly mapResize: ImportResultsInput['mapResize'];
  readonly note: string;
}

export function emptyDraft(protocol: string): ResultsDraft {
  return {
    kind: 'upload',
    path: '',
    model: '',
    method: '',
    protocol,
    seed: '0',
    mapResize: 'refuse',
    note: '',
  };
}

const FIELDS = ['source', 'model', 'method', 'protocol', 'seed', 'mapResize', 'note'] as const;
export type ResultsField = (typeof FIELDS)[number];
export type Problems = Readonly<Partial<Record<ResultsField, string>>>;

export type CheckedDraft =
  | { readonly input: Omit<ImportResultsInput, 'source'>; readonly problems: null }
  | { readonly input: null; readonly problems: Problems };

/** @param fileName of the chosen file, null when there is none */
export function checkDraft(
  dataset: string,
  draft: ResultsDraft,
  fileName: string | null,
): CheckedDraft {
  const { kind, path, model, method, protocol, mapResize, note } = draft;
  const parsed = importResultsInput.omit({ source: true }).safeParse({
    dataset,
    model,
    protocol,
    mapResize,
    note,
    seed: draft.seed.trim() === '' ? Number.NaN : Number(draft.seed),
    ...(method.trim() === '' ? {} : { method }),
  });
  const source = sourceProblem(kind, kind === 'path' ? path.trim() : (fileName ?? ''));
  if (parsed.success && source === null) return { input: parsed.data, problems: null };
  const problems: Partial<Record<ResultsField, string>> = source === null ? {} : { source };
  for (const issue of parsed.error?.issues ?? []) {
    const field = fieldOf(issue.path.join('.'));
    if (field !== null)
      problems[field] ??= field === 'seed' ? 'Give a whole number from 0 on.' : issue.message;
  }
  return { input: null, problems };
}

function sourceProblem(kind: SourceKind, name: string): string | null {
  if (kind === 'path') return name === '' ? 'Give a path.' : null;
  if (name === '') return 'Choose a file.';
  return /\.(npz|zip)$/i.test(name) ? null : `“${name}” is neither an .npz nor a .zip.`;
}

/** The form's field that an error names; null for one that is about the results themselves. */
export function fieldOf(name: string | null): ResultsField | null {
  const [first] = name?.split('.') ?? [];
  return FIELDS.find((field) => field === first) ?? (first === 'filename' ? 'source' : null);
}

/** What is wrong beside the field at fault, what to do included; empty when the error names none. */
export function problemsOf(error: ErrorBody | null): Problems {
  const field = fieldOf(error?.field ?? null);
  if (error === null || field === null) return {};
  return { [field]: error.fix === null ? error.message : `${error.message} ${error.fix}` };
}
