/** @file What somebody says of each folder of a source, and the mapping that it comes to. */
import {
  type DatasetMapping,
  datasetMappingSchema,
  type MappedAs,
  type SourceSurvey,
} from '@plumbline/contracts';

export interface FolderDraft {
  /** As the survey names it; '' is the source itself. */
  readonly folder: string;
  /** What the mapping calls it. */
  readonly path: string;
  readonly images: number;
  readonly examples: readonly string[];
  readonly is: MappedAs;
  /** Of anomalous images; empty for the name of the folder. */
  readonly defectType: string;
  /** Of masks, with `{name}`; empty for the usual endings. */
  readonly maskName: string;
}

export interface MappingDraft {
  /** Of all images; counts where `categoryFolder` is empty. */
  readonly category: string;
  /** Number of the folder in each path that names the category, from 1; empty: one category. */
  readonly categoryFolder: string;
  readonly folders: readonly FolderDraft[];
}

/** @param said The mapping that was tried before, with the folders of the proposal */
export function mappingDraft(
  { folders, proposal }: SourceSurvey,
  said: DatasetMapping = proposal,
): MappingDraft {
  return {
    category: typeof said.category === 'string' ? said.category : '',
    categoryFolder: typeof said.category === 'string' ? '' : String(said.category.folder),
    folders: folders.map(({ path, images, examples }, index) => {
      const proposed = said.folders[index];
      return {
        ...{ folder: path, images, examples },
        path: proposed?.path ?? path,
        is: proposed?.is ?? 'ignore',
        defectType: proposed?.defectType ?? '',
        maskName: proposed?.name ?? '',
      };
    }),
  };
}

/** How many folders there are in the shortest path that counts: the category can be any of them. */
export function categoryFolders({ folders }: MappingDraft): { number: number; names: string[] }[] {
  const paths = folders
    .filter(({ is }) => is !== 'ignore' && is !== 'masks')
    .map(({ folder }) => (folder === '' ? [] : folder.split('/')));
  const depth = paths.length === 0 ? 0 : Math.min(...paths.map(({ length }) => length));
  return Array.from({ length: depth }, (_, index) => ({
    number: index + 1,
    names: [...new Set(paths.map((path) => path[index] ?? ''))],
  }));
}

export interface CheckedMapping {
  /** Null while something is wrong. */
  readonly mapping: DatasetMapping | null;
  readonly problem: string | null;
}

export function checkMapping(draft: MappingDraft): CheckedMapping {
  if (!draft.folders.some(({ is }) => is === 'train-normal'))
    return wrong('Say which folder has normal images to train with.');
  const parsed = datasetMappingSchema.safeParse({
    category:
      draft.categoryFolder === '' ? draft.category : { folder: Number(draft.categoryFolder) },
    folders: draft.folders.map(({ path, is, defectType, maskName }) => ({
      ...{ path, is },
      ...(is === 'test-anomalous' && defectType.trim() !== '' ? { defectType } : {}),
      ...(is === 'masks' && maskName !== '' ? { name: maskName } : {}),
    })),
  });
  if (parsed.success) return { mapping: parsed.data, problem: null };
  const [issue] = parsed.error.issues;
  const index = issue?.path[0] === 'folders' ? Number(issue.path[1]) : Number.NaN;
  const where = draft.folders[index];
  return wrong(
    where === undefined
      ? (issue?.message ?? 'Something is missing.')
      : `${where.path}: ${issue?.message}`,
  );
}

function wrong(problem: string): CheckedMapping {
  return { mapping: null, problem };
}
