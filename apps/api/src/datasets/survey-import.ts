/** @file What lies in the folders of a source, for whoever has to say what they are. */
import type { SourceSurvey, SurveyInput } from '@plumbline/contracts';
import { surveySource } from '@plumbline/data';
import type { Context } from '../context.ts';
import { assertPath } from './start-import.ts';

/** @throws DomainError for a source that is not there, or can't be opened */
export async function surveyImport(
  { uploads }: Pick<Context, 'uploads'>,
  { source, name }: SurveyInput,
): Promise<SourceSurvey> {
  if (source.kind === 'upload') return surveySource(await uploads.pathOf(source.uploadId), name);
  await assertPath(source.path);
  return surveySource(source.path);
}
