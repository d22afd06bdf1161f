/** @file Predictions from several connections at once, each sending its next one when it has an answer. */

export interface Answered {
  /** Milliseconds since the load began. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0: no answer within the limit, or a broken connection. */
  readonly status: number;
  /** Of the model that answered; null when none did. */
  readonly modelVersion: number | null;
}

export interface LoadOptions {
  readonly url: string;
  readonly image: Uint8Array<ArrayBuffer>;
  readonly connections: number;
  /** A request without an answer after this long counts as hung. */
  readonly limitMs: number;
}

export class Load {
  readonly answers: Answered[] = [];
  readonly #options: LoadOptions;
  readonly #begun = performance.now();
  readonly #loops: Promise<void>[];
  #ended = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#loops = Array.from({ length: options.connections }, () => this.#sendAll());
  }

  /** Milliseconds since the load began. */
  get now(): number {
    return performance.now() - this.#begun;
  }

  /** Answers to requests that were sent at or after a moment. */
  since(moment: number): Answered[] {
    return this.answers.filter(({ sentAt }) => sentAt >= moment);
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#loops);
  }

  async #sendAll(): Promise<void> {
    while (!this.#ended) {
      const sentAt = this.now;
      const answer = await this.#send();
      this.answers.push({ sentAt, answeredAt: this.now, ...answer });
      // A client that was refused waits before it tries again.
      if (answer.status !== 200) await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  async #send(): Promise<Pick<Answered, 'status' | 'modelVersion'>> {
    const { url, image, limitMs } = this.#options;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: image,
        signal: AbortSignal.timeout(limitMs),
      });
      const { modelVersion = null } = (await response.json()) as { modelVersion?: number };
      return { status: response.status, modelVersion };
    } catch {
      return { status: 0, modelVersion: null };
    }
  }
}
