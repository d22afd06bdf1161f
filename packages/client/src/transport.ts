/** @file Requests with `fetch`: a limit on each attempt, and further ones while the API is busy or away. */
import { DomainError } from '@plumbline/contracts';
import { ApiError, apiErrorOf, bodyOf } from './api-error.ts';
import { sleep } from './sleep.ts';

export interface ClientOptions {
  /** Of the API, such as `http://127.0.0.1:7100`. */
  readonly url: string;
  /** An operator's is enough to predict. */
  readonly apiKey?: string | null;
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
  /** One attempt, its answer included; 60 s when absent. */
  readonly timeoutMs?: number;
  /**
   * How long a call goes on, from its start, while the API is busy (429), away (503) or can't be reached; 30 s when absent.
   * 0: one attempt.
   */
  readonly patienceMs?: number;
}

/** A stream is sent once: a call with one is never repeated. */
export type ImageSource =
  | Blob
  | ArrayBuffer
  | Uint8Array<ArrayBuffer>
  | ReadableStream<Uint8Array<ArrayBuffer>>;

export interface CallOptions {
  /** Ends the call, whatever it waits for. */
  readonly signal?: AbortSignal | undefined;
}

export interface ApiRequest extends CallOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH';
  /** With the query. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: ImageSource | FormData | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Types of browsers lack `duplex`, which a body that is a stream needs. */
interface StreamingInit extends RequestInit {
  readonly duplex?: 'half';
}

const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [250, 5_000];

export class Transport {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #patienceMs: number;

  constructor(options: ClientOptions) {
    if (!/^https?:$/.test(URL.canParse(options.url) ? new URL(options.url).protocol : ''))
      throw new DomainError('INVALID_INPUT', `"${options.url}" is not the address of an API.`, {
        fix: 'Give what "plumb status" prints, such as http://127.0.0.1:7100.',
        field: 'url',
      });
    this.#url = options.url.replace(/\/+$/, '');
    this.#headers = authorization(options.apiKey ?? '');
    // Called as a method of anything else, a browser's own refuses.
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#timeoutMs = options.timeoutMs ?? 60_000;
    this.#patienceMs = options.patienceMs ?? 30_000;
  }

  /**
   * @param read Reads the answer, within the limit of the attempt
   * @throws ApiError what the API said, or that it did not answer; the signal's reason when it aborts
   */
  async call<T>(request: ApiRequest, read: (response: Response) => Promise<T>): Promise<T> {
    refuseSpent(request.body);
    const deadline = performance.now() + this.#patienceMs;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(LONGEST_WAIT_MS, 2 * wait)) {
      try {
        return await this.#attempt(request, read);
      } catch (error) {
        if (!(error instanceof ApiError && error.mayPass) || isStream(request.body)) throw error;
        // Not all of those who were refused together come back together.
        const pause = Math.max(wait, error.retryAfterMs ?? 0) * (1 + Math.random() / 5);
        if (performance.now() + pause > deadline) throw error;
        await sleep(pause, request.signal);
      }
    }
  }

  async #attempt<T>(request: ApiRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const { signal } = request;
    signal?.throwIfAborted();
    const ending = new AbortController();
    const leave = () => ending.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      ending.abort();
    }, this.#timeoutMs);
    try {
      const address = `${request.method ?? 'GET'} ${this.#url}${request.path}`;
      const response = await this.#send(request, ending.signal);
      if (!response.ok) throw await apiErrorOf(response, address);
      return await read(response);
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      if (isLate) throw this.#unavailable(`did not answer within ${this.#timeoutMs} ms`, error);
      if (error instanceof ApiError) throw error;
      throw this.#unavailable(`can't be reached: ${reasonOf(error)}`, error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  }

  #send({ method = 'GET', path, contentType, body, headers }: ApiRequest, signal: AbortSignal) {
    const type = contentType === undefined ? {} : { 'content-type': contentType };
    const init: StreamingInit = {
      method,
      headers: { ...this.#headers, ...headers, ...type },
      signal,
      ...(body === undefined ? {} : { body }),
      ...(isStream(body) ? { duplex: 'half' } : {}),
    };
    return this.#fetch(`${this.#url}${path}`, init);
  }

  #unavailable(what: string, cause: unknown): ApiError {
    const fix = 'See whether a platform runs there ("plumb status"), and whether it is under load.';
    return new ApiError(
      bodyOf('UNAVAILABLE', `The API at ${this.#url} ${what}.`, fix),
      undefined,
      cause,
    );
  }
}

function authorization(apiKey: string): Readonly<Record<string, string>> {
  if (apiKey === '') return {};
  const headers = { authorization: `Bearer ${apiKey}` };
  try {
    new Headers(headers);
  } catch (cause) {
    throw new DomainError('INVALID_INPUT', 'The API key has characters that no header takes.', {
      fix: 'Give the key as it was shown, without line breaks.',
      field: 'apiKey',
      cause,
    });
  }
  return headers;
}

function isStream(body: ApiRequest['body']): body is ReadableStream<Uint8Array<ArrayBuffer>> {
  return body instanceof ReadableStream;
}

function refuseSpent(body: ApiRequest['body']): void {
  if (!isStream(body) || !body.locked) return;
  throw new DomainError('INVALID_INPUT', 'The stream of the image is read by something else.', {
    fix: 'Give a stream that nobody has begun to read, or the bytes.',
    field: 'image',
  });
}

/** What `fetch` itself says is "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.cause.message
    : error.message;
}
