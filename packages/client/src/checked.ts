/** @file Answers are what the API's schemas say, or an error. */
import { z } from 'zod';
import { ApiError, bodyOf, factsOf } from './api-error.ts';

/** @throws ApiError INTERNAL for an answer of another form, as of a server that is none of ours */
export function checked<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  response: Response,
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : 'It is no JSON.';
    throw new ApiError(
      bodyOf(
        'INTERNAL',
        `${response.url} did not answer as this client expects. ${what}`,
        'Use the client of the same version as the API.',
      ),
      factsOf(response),
      cause,
    );
  }
}
