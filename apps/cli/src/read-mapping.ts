/** @file The file that says what each folder of a dataset is: read with errors that name the line, and written as a proposal. */
import { readFile } from 'node:fs/promises';
import {
  type DatasetMapping,
  DomainError,
  datasetMappingSchema,
  MAPPED_AS,
  type SourceSurvey,
} from '@plumbline/contracts';
import {
  Document,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseDocument,
  type Document as Yaml,
} from 'yaml';

/** Of a file that somebody writes. */
const MAX_BYTES = 1024 ** 2;
/** Names that refer to what stands elsewhere multiply it. */
const MAX_ALIASES = 100;

/** @throws DomainError INVALID_INPUT naming the file, the line and the key; NOT_FOUND */
export async function readMapping(file: string): Promise<DatasetMapping> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DomainError('NOT_FOUND', `${file} cannot be read: ${String(cause)}.`, {
      field: 'mapping',
      fix: 'Write one with "plumb datasets map <folder> --out map.yaml".',
      file,
      cause,
    });
  });
  return parseMapping(text, file);
}

/** @throws DomainError INVALID_INPUT naming the line and the key */
export function parseMapping(text: string, file: string): DatasetMapping {
  if (text.length > MAX_BYTES) throw bad(file, `${file} is larger than 1 MB.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined)
    throw bad(file, `${file}, line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
  const parsed = datasetMappingSchema.safeParse(toValue(document, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).filter((key) => typeof key !== 'symbol');
  const key = path.length === 0 ? '' : ` ${path.join('.')}:`;
  throw bad(file, `${file}, line ${lineOf(document, path, lines)}:${key} ${issue?.message}`);
}

function toValue(document: Yaml, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw bad(file, `${file} cannot be read: ${String(cause)}.`, cause);
  }
}

/** Where the value is, or what holds it where it is missing. */
function lineOf(document: Yaml, path: readonly (string | number)[], lines: LineCounter): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown =
      length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function bad(file: string, message: string, cause?: unknown): DomainError {
  return new DomainError('INVALID_INPUT', message, {
    field: 'mapping',
    fix: 'Correct it, or write a new one with "plumb datasets map <folder> --out map.yaml".',
    file,
    cause,
  });
}

/** A mapping to edit: what there is of each folder stands above it. */
export function mappingText({ folders, proposal }: SourceSurvey, source: string): string {
  const document = new Document(proposal);
  document.commentBefore = [
    ` What each folder is. Correct it, then: plumb datasets import ${source} --name <name> --mapping <this file>`,
    ` is: ${MAPPED_AS.join(', ')}`,
    ' The first line that holds a file counts. A path is a folder with all below it, or a pattern of files (*, **).',
    ' Of test-anomalous, defectType: <name> (else the folder’s); of masks, name: "{name}_mask" (else the usual endings).',
    ' category: a name, or {folder: 1} where the first folder of each path is the category.',
  ].join('\n');
  const list = isMap(document.contents) ? document.contents.get('folders', true) : null;
  for (const [index, { path, images, examples }] of folders.entries()) {
    const item = isSeq(list) ? list.items[index] : undefined;
    const where = path === '' ? 'at the top' : `in ${path}`;
    const more = images > examples.length ? ' …' : '';
    const words = ` ${images} ${images === 1 ? 'image' : 'images'} ${where}: ${examples.join(', ')}${more}`;
    if (isNode(item)) item.commentBefore = words.replaceAll(/[\r\n]/g, ' ');
  }
  return document.toString({ lineWidth: 0 });
}
