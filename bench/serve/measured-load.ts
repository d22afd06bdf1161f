/** @file Closed-loop load on the API: each connection sends its next image when it has its answer. */
import { PlainConnection } from './plain-connection.ts';

export interface LoadRequest {
  readonly images: readonly Uint8Array[];
  readonly seconds: number;
  readonly connections: number;
}

export interface LoadResult {
  readonly latenciesMs: readonly number[];
  /** Other answers than 200. */
  readonly failed: number;
  readonly seconds: number;
}

/** What ends a load before its time. */
export interface LoadEnd {
  /** Requests. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export async function loadApi(
  url: string,
  { images, seconds, connections }: LoadRequest,
  { limit = Number.POSITIVE_INFINITY, signal }: LoadEnd = {},
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let [failed, sent] = [0, 0];
  const start = performance.now();
  const sendAll = async () => {
    const connection = new PlainConnection(url);
    while (performance.now() - start < seconds * 1000 && sent < limit && !signal?.aborted) {
      const image = images[sent++ % images.length] ?? new Uint8Array();
      const before = performance.now();
      if ((await connection.post(image)) === 200) latenciesMs.push(performance.now() - before);
      else failed += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, sendAll));
  return { latenciesMs, failed, seconds: (performance.now() - start) / 1000 };
}
