/** @file What lies in the folders of a source, for whoever has to say what they are. */
import type { SourceSurvey, SurveyInput } from '@plumbline/contracts';
import { surveySource } from '@plumbline/data';
import type { Context } from '../context.ts';
import { assertServerPath } from './server-path.ts';
import { DATASET_ARCHIVES } from './start-import.ts';

/** @throws DomainError for a source that is not there, or can't be opened */
export async function surveyImport(
  context: Pick<Context, 'uploads' | 'importRoots' | 's3' | 'principal'>,
  { source, name }: SurveyInput,
): Promise<SourceSurvey> {
  if (source.kind === 'upload')
    return surveySource(await context.uploads.pathOf(source.uploadId), { name });
  await assertServerPath(context, source.path, DATASET_ARCHIVES);
  return surveySource(source.path, { s3: context.s3 });
}
