/** @file What the form for an import holds, and what it comes to. */
import {
  type DatasetImportOptions,
  type GivenProvenance,
  nameSchema,
  type SampleSize,
} from '@plumbline/contracts';
import type { PickedFiles } from '~/components/uploads/picked-files.ts';
import { checkOptions, NO_OPTIONS, type OptionsDraft } from './import-options.tsx';
import { type CheckedSplit, checkSplit, NO_SPLIT, type SplitDraft } from './split-draft.ts';
import { suggestName } from './suggest-name.ts';

export type SourceKind = 'upload' | 'path' | 'sample';

/** The fields as typed. */
export interface ImportDraft {
  readonly kind: SourceKind;
  readonly picked: PickedFiles | null;
  readonly path: string;
  readonly seed: string;
  readonly size: SampleSize;
  /** Empty for the one suggested. */
  readonly name: string;
  readonly options: OptionsDraft;
  readonly split: SplitDraft;
  readonly license: string;
  readonly source: string;
}

export const NO_IMPORT: ImportDraft = {
  kind: 'upload',
  picked: null,
  path: '',
  seed: '0',
  size: 'small',
  name: '',
  options: NO_OPTIONS,
  split: NO_SPLIT,
  license: '',
  source: '',
};

export interface CheckedImport {
  readonly suggestedName: string;
  readonly name: string;
  readonly nameProblem: string | null;
  readonly options: DatasetImportOptions;
  readonly optionsProblem: string | null;
  readonly splitProblems: CheckedSplit['problems'];
  readonly provenance: GivenProvenance;
  readonly isReady: boolean;
}

export function checkImport(draft: ImportDraft): CheckedImport {
  const { kind, picked, path, size } = draft;
  const sources = { upload: picked?.name ?? '', path, sample: size };
  const suggestedName = suggestName(kind, sources[kind]);
  const name = draft.name === '' ? suggestedName : draft.name;
  const nameCheck = nameSchema.safeParse(name);
  // The generator's own files are of the usual kind.
  const isMade = kind === 'sample';
  const { options, problem } = checkOptions(isMade ? NO_OPTIONS : draft.options);
  const { split, problems } = checkSplit(isMade ? NO_SPLIT : draft.split);
  const isSplitSound = problems.share === null && problems.group === null;
  const hasSource = kind === 'sample' || (kind === 'path' ? path !== '' : picked !== null);
  return {
    suggestedName,
    name,
    nameProblem: name === '' ? null : (nameCheck.error?.issues[0]?.message ?? null),
    options: { ...options, ...split },
    optionsProblem: problem,
    splitProblems: problems,
    provenance: provenanceOf(draft),
    isReady: nameCheck.success && problem === null && isSplitSound && hasSource,
  };
}

/** Fields that are left empty say nothing, so that an export keeps what its list says. */
function provenanceOf({ kind, license, source }: ImportDraft): GivenProvenance {
  if (kind === 'sample') return {};
  return {
    ...(license.trim() === '' ? {} : { license }),
    ...(source.trim() === '' ? {} : { source }),
  };
}
