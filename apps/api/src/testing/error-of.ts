/** @file The error in a refused request's body, in the form of `/v1` or of the Open Inference Protocol. */
export interface FoundError {
  readonly code: string;
  readonly message: string;
}

interface RefusedBody {
  readonly error: string | FoundError;
  readonly code: string;
}

/** @param text JSON */
export function errorOf(text: string): FoundError {
  const { error, code } = JSON.parse(text) as RefusedBody;
  return typeof error === 'string' ? { code, message: error } : error;
}
