/** @file The error in a refused request's body, in the form of `/v1`, of the Open Inference Protocol or of Lookout for Vision. */
export interface FoundError {
  readonly code: string;
  readonly message: string;
}

interface RefusedBody {
  readonly error: string | FoundError;
  readonly code: string;
}

interface LookoutBody {
  readonly Message: string;
  readonly Code: string;
}

/** @param text JSON */
export function errorOf(text: string): FoundError {
  const body = JSON.parse(text) as RefusedBody | LookoutBody;
  if ('Message' in body) return { code: body.Code, message: body.Message };
  const { error, code } = body;
  return typeof error === 'string' ? { code, message: error } : error;
}
