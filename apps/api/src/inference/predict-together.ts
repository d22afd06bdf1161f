/** @file Several images in one request: each is an inspection of its own. */
import { DomainError, MAX_PREDICTED_TOGETHER, type Predictions } from '@plumbline/contracts';
import type { Services } from '../context.ts';
import { type PredictInput, predict } from './predict.ts';

/**
 * @throws DomainError as `predict`, but for an image that can't be inspected, whose error stands in its place; INVALID_INPUT for
 *   a form without images, with more than 16, or with other fields
 */
export async function predictTogether(
  context: Services,
  input: PredictInput,
  form: FormData,
  signal: AbortSignal,
): Promise<Predictions> {
  const files = filesOf(form);
  // What is wrong with the request is told once, not of every image.
  await context.served.get(input.name, input.selector);
  const predictions = await Promise.all(
    files.map(async (file) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const answer = await predict(context, input, bytes, signal).catch(ofTheImage);
      const [prediction, error] = answer instanceof DomainError ? [null, answer] : [answer, null];
      const body = error === null ? null : { ...error.toBody(), file: file.name };
      return { file: file.name, prediction, error: body };
    }),
  );
  return { predictions };
}

function ofTheImage(error: unknown): DomainError {
  if (error instanceof DomainError && error.file === 'image') return error;
  throw error;
}

function filesOf(form: FormData): File[] {
  const entries = [...form.entries()];
  const [field] = entries.find(([, value]) => !(value instanceof File)) ?? [];
  if (field !== undefined)
    throw new DomainError('INVALID_INPUT', `The form's field "${field}" is no file.`, {
      fix: 'Put what is asked for into the query, as in ?category=part, and files alone into the form.',
      field,
    });
  const files = entries.flatMap(([, value]) => (value instanceof File ? [value] : []));
  if (files.length > 0 && files.length <= MAX_PREDICTED_TOGETHER) return files;
  throw new DomainError(
    'INVALID_INPUT',
    files.length === 0 ? 'The form has no image.' : `The form has ${files.length} images.`,
    {
      fix: `Send 1 to ${MAX_PREDICTED_TOGETHER} files: curl -F image=@a.png -F image=@b.png …`,
      field: 'image',
    },
  );
}
