/** @file What lies in the folders of a source that is in no known layout, and a first guess at what they are. */
import type { DatasetMapping, MappedFolder, SourceSurvey } from '@plumbline/contracts';
import { meansAnomalous, meansMasks, meansNormal } from '../layouts/file-names.ts';
import { commonFolder, imagesIn } from '../layouts/flat-entries.ts';
import { splitOfFolders } from '../layouts/split-words.ts';
import { openSource, type SourceOptions } from '../sources/open-source.ts';
import { compareText } from '../store/canonical-json.ts';

/** Names of files shown of a folder, and folders shown at most. */
const EXAMPLES = 3;
const MAX_FOLDERS = 1000;

/** @throws DomainError as opening the source does */
export async function surveySource(
  path: string,
  options: SourceOptions = {},
): Promise<SourceSurvey> {
  const source = await openSource(path, options);
  try {
    const folders = new Map<string, { images: number; examples: string[] }>();
    for (const image of imagesIn(source)) {
      const at = image.lastIndexOf('/');
      const folder = image.slice(0, Math.max(0, at));
      const found = folders.get(folder) ?? { images: 0, examples: [] };
      found.images++;
      if (found.examples.length < EXAMPLES) found.examples.push(image.slice(at + 1));
      folders.set(folder, found);
    }
    const listed = [...folders]
      .map(([folder, found]) => ({ path: folder, ...found }))
      .sort((a, b) => compareText(a.path, b.path))
      .slice(0, MAX_FOLDERS);
    return { folders: listed, proposal: propose(source.name, listed) };
  } finally {
    await source.close();
  }
}

function propose(name: string, folders: SourceSurvey['folders']): DatasetMapping {
  const root = commonFolder(folders.map(({ path }) => `${path}/`));
  return {
    category: name.slice(0, 80),
    folders: folders.map(({ path }) => ({ path: patternOf(path, folders), ...guess(path, root) })),
  };
}

/** The images of a folder alone, where others below it are mapped on their own. */
function patternOf(path: string, folders: SourceSurvey['folders']): string {
  if (path === '') return '*';
  return folders.some((other) => other.path.startsWith(`${path}/`)) ? `${path}/*` : path;
}

/** What its names say; a folder that says nothing is ignored until somebody says what it is. */
function guess(path: string, root: string): Pick<MappedFolder, 'is'> {
  const names = path.split('/');
  if (names.some(meansMasks)) return { is: 'masks' };
  const split = splitOfFolders(`${path}/`, root);
  if (names.some(meansNormal)) return { is: split === 'test' ? 'test-normal' : 'train-normal' };
  if (names.some(meansAnomalous) || split === 'test') return { is: 'test-anomalous' };
  return { is: split === null ? 'ignore' : 'train-normal' };
}
