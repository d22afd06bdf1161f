/**
 * @file The Open Inference Protocol, version 2 (https://github.com/kserve/open-inference-protocol), so that clients of Triton,
 * KServe, MLServer and OpenVINO's server can ask these models. Its errors have the protocol's own form.
 */
import { randomUUID } from 'node:crypto';
import {
  DomainError,
  inferResponseSchema,
  type ModelReference,
  modelMetadataSchema,
  serverMetadataSchema,
  type VersionSelector,
} from '@plumbline/contracts';
import { imageLook, requireGridPixels } from '@plumbline/data';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { answerError, type ErrorForm } from '../errors/error-handler.ts';
import { inspectImage, recordInspection, verdictOf } from '../inference/inspect-image.ts';
import { decodeFor, type ServedModel } from '../inference/served-model.ts';
import { abortWhenLeft } from '../limits/abort-when-left.ts';
import { MAX_IMAGE_BYTES } from '../limits/admission.ts';
import { answering, answeringParams, versionNumber } from '../raw-routes/path-fields.ts';
import { type Asked, rawRoute } from '../raw-routes/raw-route.ts';
import { bodyReader } from '../raw-routes/read-body.ts';
import { registerRoutes } from '../raw-routes/register-routes.ts';
import { readiness } from '../system/readiness.ts';
import {
  type GivenImage,
  INPUT,
  inferRequestSchema,
  MAX_BATCH,
  type ReadRequest,
  readInferRequest,
} from './infer-request.ts';
import { type Answered, encodeResponse, MAP, OUTPUTS, outputNames } from './infer-response.ts';

/** Longer JSON is read by a thread: 8 MB take half a second. */
const SHORT_JSON_BYTES = 64e3;
const MAX_JSON_BYTES = 8e6;
const JSON_LENGTH = 'Inference-Header-Content-Length';

/** One sentence after the other, as the protocol has it, and the code. */
const ERROR_FORM: ErrorForm = {
  contentType: 'application/json',
  body: ({ code, message, fix }) => ({ error: fix === null ? message : `${message} ${fix}`, code }),
};

export async function openInferenceRoutes(app: FastifyInstance, context: Services): Promise<void> {
  app.removeAllContentTypeParsers();
  // Whatever its label: Triton's own client sends none.
  app.addContentTypeParser('*', bodyReader(MAX_IMAGE_BYTES));
  app.setErrorHandler((error, _request, reply) => answerError(reply, error, ERROR_FORM));
  app.addHook('onRequest', context.admission.hook);

  registerRoutes(app, context, OPEN_INFERENCE_ROUTES);
}

const PROTOCOL = { tag: 'open inference', errors: 'protocol' } as const;
const json = (description: string, schema: z.ZodType) => ({
  200: { description, content: { 'application/json': schema } },
});

const versionParams = answeringParams.extend({ version: versionNumber });

export const OPEN_INFERENCE_ROUTES = [
  rawRoute({
    ...PROTOCOL,
    method: 'GET',
    path: '/v2',
    id: 'v2-server',
    summary: 'Name, version and extensions of the server',
    answers: json('Metadata', serverMetadataSchema),
    handle: ({ codeVersion }) => ({
      ...{ name: 'plumbline', version: codeVersion },
      extensions: ['binary_tensor_data'],
    }),
  }),
  rawRoute({
    ...PROTOCOL,
    method: 'GET',
    path: '/v2/health/live',
    id: 'v2-health-live',
    summary: 'Whether the API is up',
    answers: json('It is', z.object({ live: z.literal(true) })),
    handle: () => ({ live: true }),
  }),
  rawRoute({
    ...PROTOCOL,
    method: 'GET',
    path: '/v2/health/ready',
    id: 'v2-health-ready',
    summary: 'Whether requests can be served',
    answers: json('They can', z.object({ ready: z.literal(true) })),
    handle: async (context) => {
      await readiness(context);
      return { ready: true };
    },
  }),
  ...ofModel('/v2/models/{name}', '', answeringParams),
  ...ofModel('/v2/models/{name}/versions/{version}', '-version', versionParams),
];

interface AskedModel {
  readonly name: ModelReference;
  readonly version?: number;
}

function ofModel(
  path: string,
  suffix: string,
  params: typeof answeringParams | typeof versionParams,
) {
  return [
    rawRoute({
      ...PROTOCOL,
      method: 'GET',
      path,
      id: `v2-model${suffix}`,
      summary: 'Inputs and outputs of a model',
      params,
      answers: json('Metadata', modelMetadataSchema),
      handle: async (context, asked) => metadataOf(context, await served(context, asked.params)),
    }),
    rawRoute({
      ...PROTOCOL,
      method: 'GET',
      path: `${path}/ready`,
      id: `v2-model-ready${suffix}`,
      summary: 'Whether the model answers',
      params,
      answers: json('It does', z.object({ name: z.string(), ready: z.literal(true) })),
      handle: async (context, asked) => {
        const { version } = await served(context, asked.params);
        return { name: version.model, ready: true };
      },
    }),
    rawRoute({
      ...PROTOCOL,
      method: 'POST',
      path: `${path}/infer`,
      id: `v2-infer${suffix}`,
      summary: 'Inspect images as tensors',
      description:
        `One input, "${INPUT}": UINT8 [n, height, width, 3] with the pixels, or BYTES [n] with the files (base64 in JSON, with the parameter ` +
        `content_type "base64"); at most ${MAX_BATCH} images. Outputs: ${Object.keys(OUTPUTS).join(', ')}. Binary tensors go after the JSON, whose ` +
        `length is then in the header ${JSON_LENGTH}. The request parameter "category" names the category of all its images. ` +
        'At most 64 MB, of which 8 MB JSON.',
      params,
      headers: z.object({ [JSON_LENGTH]: z.coerce.number().int().nonnegative().optional() }),
      body: { 'application/json': inferRequestSchema, 'application/octet-stream': 'bytes' },
      answers: {
        200: {
          description: 'The outputs',
          content: { 'application/json': inferResponseSchema, 'application/octet-stream': 'bytes' },
        },
      },
      handle: infer,
    }),
  ];
}

function served({ served: models }: Services, { name, version }: AskedModel): Promise<ServedModel> {
  const { selector } = answering(name, version);
  return models.get(name.model, selector);
}

async function metadataOf({ database }: Services, { version }: ServedModel): Promise<object> {
  const versions = await database.models.versions(version.model);
  return {
    name: version.model,
    versions: versions.map((one) => String(one.version)),
    platform: 'onnxruntime_onnx',
    inputs: [{ name: INPUT, datatype: 'UINT8', shape: [-1, -1, -1, 3] }],
    outputs: Object.entries(OUTPUTS).map(([name, output]) => ({ name, ...output })),
  };
}

async function infer(
  context: Services,
  {
    params,
    headers,
    request,
    reply,
  }: Asked<AskedModel, object, Readonly<Record<string, number | undefined>>>,
): Promise<FastifyReply> {
  const asking = answering(params.name, params.version);
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const { request: asked, images } = await read(context, body, headers[JSON_LENGTH]);
  const category = asked.parameters?.category;
  const wanted = outputNames(asked).includes(MAP) ? 'map' : 'scores';
  const signal = abortWhenLeft(reply);
  const arrivedAt = performance.now();
  const answers = await Promise.all(
    images.map((image) =>
      context.gates.inspections.run(
        () => inspect(context, image, { ...asking, category, wanted, arrivedAt }),
        signal,
      ),
    ),
  );
  const inspectedAt = performance.now();
  const encoded = encodeResponse(asked, answers);
  context.metrics.inspections.observe('encode', performance.now() - inspectedAt);
  if (encoded.jsonBytes === null) return reply.type('application/json').send(encoded.body);
  return reply
    .header(JSON_LENGTH.toLowerCase(), String(encoded.jsonBytes))
    .type('application/octet-stream')
    .send(encoded.body);
}

async function read(
  { pictures }: Services,
  body: Uint8Array,
  jsonBytes: number | undefined,
): Promise<ReadRequest> {
  const length = jsonBytes ?? body.length;
  if (length > MAX_JSON_BYTES)
    throw new DomainError('TOO_LARGE', `The JSON is longer than ${MAX_JSON_BYTES / 1e6} MB.`, {
      fix: `Send the pixels as a binary tensor: after the JSON, with its length in ${JSON_LENGTH} and "parameters": {"binary_data_size": …}. Or send the files of the images as BYTES.`,
      field: 'inputs',
    });
  return length <= SHORT_JSON_BYTES
    ? readInferRequest(body, jsonBytes)
    : pictures.tensors(body, jsonBytes);
}

interface Wanted {
  readonly name: string;
  readonly selector: VersionSelector;
  readonly category: string | undefined;
  readonly wanted: 'map' | 'scores';
  readonly arrivedAt: number;
}

async function inspect(context: Services, given: GivenImage, asked: Wanted): Promise<Answered> {
  const start = performance.now();
  const { result, ...found } = await inspectImage(context, {
    ...asked,
    readImage: async (to) =>
      given.kind === 'file'
        ? decodeFor(context, to, given.bytes, { category: asked.category })
        : pixelsFor(context, to, given),
  });
  const verdict = verdictOf({ ...found, imageScore: result.imageScore });
  const { look, file } = found.image;
  const latencyMs = performance.now() - start;
  const image = file && { file, reading: {} };
  const inspection = randomUUID();
  recordInspection(context, found.served, verdict, { inspection, look, latencyMs, image });
  return { verdict, map: result };
}

function pixelsFor(
  { maxPixels }: Services,
  { version }: ServedModel,
  { width, height, data }: Extract<GivenImage, { kind: 'pixels' }>,
) {
  if (width * height > maxPixels)
    throw new DomainError('TOO_LARGE', `The image has ${width} × ${height} pixels.`, {
      fix: `Send at most ${maxPixels / 1e6} megapixels.`,
      field: 'inputs',
    });
  requireGridPixels([{ file: INPUT, width, height }], version.manifest.graph.input.minSidePx ?? 1);
  return { width, height, data, look: imageLook({ width, height, data }), file: null };
}
