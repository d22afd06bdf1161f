/** @file Ends a session of the API, wherever else its token may be. */
import { askApi } from './ask-api.ts';

/** @returns Whether nobody is signed in by it any more: false when the API can't say so. */
export async function endSession(authorization: string, browser: string): Promise<boolean> {
  const answer = await askApi('DELETE', '/v1/session', { authorization, browser });
  // It was over before.
  return answer !== null && (answer.ok || answer.status === 401);
}
