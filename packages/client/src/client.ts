/** @file The API as a program calls it: in Node and in browsers, with nothing but `fetch`. */
import {
  type DatasetDetail,
  type DatasetSummary,
  datasetDetailSchema,
  datasetSummarySchema,
  formatValueRange,
  type InferRequest,
  type InferResponse,
  inferResponseSchema,
  type listSamplesInput,
  type ModelSummary,
  type ModelVersion,
  modelSummarySchema,
  modelVersionSchema,
  type Prediction,
  type Predictions,
  predictionSchema,
  predictionsSchema,
  type SamplePage,
  samplePageSchema,
  type ValueRange,
} from '@plumbline/contracts';
import { z } from 'zod';
import { address, queryOf } from './address.ts';
import { Batches } from './batches.ts';
import { checked } from './checked.ts';
import {
  type ApiRequest,
  type CallOptions,
  type ClientOptions,
  type ImageSource,
  Transport,
} from './transport.ts';

export interface NormalOptions extends CallOptions {
  /** The promoted version when absent. */
  readonly version?: number;
  readonly category?: string;
  /** Values of black and white in an image with more than 8 bits; those of training when absent. */
  readonly range?: ValueRange;
}

export interface PredictOptions extends NormalOptions {
  /** Its thresholds are used; found from the image when absent. `pooled`: one threshold for all categories. */
  readonly category?: string;
  /** Also answer the heatmap, a PNG in base64. */
  readonly heatmap?: boolean;
  /** Also answer where the anomaly map reaches the pixel threshold. */
  readonly regions?: boolean;
  /** Also answer that as a PNG of the image's size in base64, white on black. */
  readonly mask?: boolean;
}

export interface NamedImage {
  /** As the answer names it. */
  readonly name: string;
  readonly image: Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;
}

export interface InferOptions extends CallOptions {
  /** The promoted version when absent. */
  readonly version?: number;
}

export type SamplesQuery = Omit<z.input<typeof listSamplesInput>, 'name'>;

export class PlumblineClient {
  readonly #transport: Transport;
  /** Many images, inspected by jobs. */
  readonly batches: Batches;

  /** @throws DomainError INVALID_INPUT for a `url` that is none */
  constructor(options: ClientOptions) {
    this.#transport = new Transport(options);
    this.batches = new Batches(this.#transport);
  }

  readonly models = {
    list: (options?: CallOptions): Promise<ModelSummary[]> =>
      this.#get(address`/v1/models`, z.array(modelSummarySchema), options),

    /** Newest first. */
    versions: (name: string, options?: CallOptions): Promise<ModelVersion[]> =>
      this.#get(address`/v1/models/${name}/versions`, z.array(modelVersionSchema), options),
  };

  readonly datasets = {
    list: (options?: CallOptions): Promise<DatasetSummary[]> =>
      this.#get(address`/v1/datasets`, z.array(datasetSummarySchema), options),

    /** @param version The latest when absent */
    get: (name: string, version?: number, options?: CallOptions): Promise<DatasetDetail> =>
      this.#get(address`/v1/datasets/${name}` + queryOf({ version }), datasetDetailSchema, options),

    /** A page: 60 from `offset` unless `limit` says otherwise. */
    samples: (name: string, query: SamplesQuery = {}, options?: CallOptions): Promise<SamplePage> =>
      this.#get(
        address`/v1/datasets/${name}/samples` + queryOf({ ...query }),
        samplePageSchema,
        options,
      ),
  };

  /** Inspects one image: a file's bytes in PNG, JPEG, WebP, BMP or TIFF. @throws ApiError */
  predict(model: string, image: ImageSource, options: PredictOptions = {}): Promise<Prediction> {
    return this.#call(imageRequest(model, 'predict', image, options), predictionSchema);
  }

  /**
   * Inspects up to 16 images in one request, answered in their order; one that can't be inspected has an error in its place.
   * @throws ApiError
   */
  async predictTogether(
    model: string,
    images: readonly NamedImage[],
    options: PredictOptions = {},
  ): Promise<Predictions['predictions']> {
    const body = new FormData();
    for (const { name, image } of images) body.append('image', new Blob([image]), name);
    const request = imageRequest(model, 'predict', body, options);
    return (await this.#call(request, predictionsSchema)).predictions;
  }

  /** What the model expects the image to look like, as PNG; of versions that were trained with a decoder. @throws ApiError */
  normalPicture(
    model: string,
    image: ImageSource,
    options: NormalOptions = {},
  ): Promise<ArrayBuffer> {
    const request = imageRequest(model, 'normal', image, options);
    return this.#transport.call(request, (response) => response.arrayBuffer());
  }

  /** Inspects tensors by the Open Inference Protocol, in JSON: at most 16 images, 8 MB. @throws ApiError */
  infer(model: string, request: InferRequest, options: InferOptions = {}): Promise<InferResponse> {
    const { version, signal } = options;
    const ofVersion = version === undefined ? '' : `/versions/${version}`;
    return this.#call(
      {
        method: 'POST',
        path: `${address`/v2/models/${model}`}${ofVersion}/infer`,
        contentType: 'application/json',
        body: JSON.stringify(request),
        signal,
      },
      inferResponseSchema,
    );
  }

  #get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    { signal }: CallOptions = {},
  ): Promise<z.output<Schema>> {
    return this.#call({ path, signal }, schema);
  }

  #call<Schema extends z.ZodType>(request: ApiRequest, schema: Schema): Promise<z.output<Schema>> {
    return this.#transport.call(request, async (response) =>
      checked(await response.text(), schema, response),
    );
  }
}

function imageRequest(
  model: string,
  route: 'predict' | 'normal',
  body: ImageSource | FormData,
  { signal, range, ...options }: PredictOptions,
): ApiRequest {
  const query = { ...options, range: range && formatValueRange(range) };
  return {
    method: 'POST',
    path: address`/v1/models/${model}/` + route + queryOf(query),
    // The API looks at the bytes, not at a label; that of a form has its boundary.
    ...(body instanceof FormData ? {} : { contentType: 'application/octet-stream' }),
    body,
    signal,
  };
}
