/** @file Closed-loop load on the API: each connection sends its next image when it has its answer. */
import { Agent, request } from 'node:http';

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

/** @param limit Ends after so many requests, if the time is not over before. */
export async function loadApi(
  url: string,
  { images, seconds, connections }: LoadRequest,
  limit = Number.POSITIVE_INFINITY,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  let [failed, sent] = [0, 0];
  const start = performance.now();
  const connection = async () => {
    while (performance.now() - start < seconds * 1000 && sent < limit) {
      const image = images[sent++ % images.length] ?? new Uint8Array();
      const before = performance.now();
      if ((await post(url, image, agent)) === 200) latenciesMs.push(performance.now() - before);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return { latenciesMs, failed, seconds: (performance.now() - start) / 1000 };
}

function post(url: string, body: Uint8Array, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/octet-stream', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
