/** @file Asks a model of a test platform for a prediction, as any client does. */

export type ModelClient = (
  query: string,
  body: Uint8Array | string,
  type?: string,
  model?: string,
) => Promise<{ status: number; body: Record<string, unknown> }>;

/** @param url of the platform */
export function askModel(url: string): ModelClient {
  return async (query, body, type = 'image/png', model = 'parts-rlr') => {
    const response = await fetch(`${url}/v1/models/${model}/predict${query}`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}
