/** @file What the benchmark of methods asks of its platform's API. */
import {
  type BundleManifest,
  bundleManifestSchema,
  datasetSummarySchema,
  type ErrorBody,
  errorBodySchema,
  type Run,
  runSchema,
  trainingEstimateSchema,
} from '@plumbline/contracts';

/** What a run is asked for with. */
export interface RunInput {
  readonly dataset: string;
  readonly method: string;
  readonly preset: string;
  readonly backbone: string;
  readonly seed: number;
  readonly model: string;
}

export class PlatformApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Expected seconds of a run, or why it can't be trained. */
  async estimate(input: RunInput): Promise<number | ErrorBody> {
    const answer = await this.#post('/v1/runs/estimate', input);
    const body: unknown = await answer.json();
    if (answer.ok) return trainingEstimateSchema.parse(body).seconds;
    // Errors of the server are no property of the method.
    if (answer.status >= 500) throw new Error(JSON.stringify(body));
    return errorBodySchema.parse((body as { error: unknown }).error);
  }

  async start(input: RunInput): Promise<Run> {
    const answer = await this.#post('/v1/runs', input);
    const body: unknown = await answer.json();
    if (!answer.ok) throw new Error(JSON.stringify(body));
    return runSchema.parse(body);
  }

  async run(id: string): Promise<Run> {
    return runSchema.parse(await this.#get(`/v1/runs/${id}`));
  }

  /** Newest first. */
  async runs(dataset: string): Promise<Run[]> {
    return runSchema.array().parse(await this.#get(`/v1/runs?dataset=${dataset}&limit=200`));
  }

  async datasets(): Promise<string[]> {
    const listed = datasetSummarySchema.array().parse(await this.#get('/v1/datasets'));
    return listed.map(({ name }) => name);
  }

  async manifest({ model, modelVersion }: Run): Promise<BundleManifest> {
    const path = `/v1/models/${model}/versions/${modelVersion}/files/manifest.json`;
    return bundleManifestSchema.parse(await this.#get(path));
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`${this.#url}${path}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  #post(path: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${this.#url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}
