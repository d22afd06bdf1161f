/**
 * @file The Open Inference Protocol, version 2 (https://github.com/kserve/open-inference-protocol), so that clients of Triton,
 * KServe, MLServer and OpenVINO's server can ask these models. Its errors have the protocol's own form.
 */
import { DomainError, MAX_NUMBER, nameSchema } from '@plumbline/contracts';
import { requireGridPixels } from '@plumbline/data';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { answerError, type ErrorForm } from '../errors/error-handler.ts';
import { inspectImage, recordInspection, verdictOf } from '../inference/inspect-image.ts';
import { decodeFor, type ServedModel } from '../inference/served-model.ts';
import { abortWhenLeft } from '../limits/abort-when-left.ts';
import { Admission } from '../limits/admission.ts';
import { readiness } from '../system/readiness.ts';
import { type GivenImage, INPUT, readInferRequest } from './infer-request.ts';
import { type Answered, encodeResponse, MAP, OUTPUTS, outputNames } from './infer-response.ts';

/** 64 MB, of which at most 8 MB JSON: parsing more would hold up others. */
const MAX_BODY_BYTES = 64e6;
const MAX_JSON_BYTES = 8e6;
const ADMISSION = { maxRequests: 32, maxBytes: 4 * MAX_BODY_BYTES, maxBodyBytes: MAX_BODY_BYTES };
const JSON_LENGTH = 'inference-header-content-length';

const model = z.object({
  name: nameSchema,
  version: z.coerce.number().int().positive().max(MAX_NUMBER).optional(),
});
const inferParameters = z.object({ category: z.string().min(1).optional() });

/** One sentence after the other, as the protocol has it, and the code. */
const ERROR_FORM: ErrorForm = {
  contentType: 'application/json',
  body: ({ code, message, fix }) => ({ error: fix === null ? message : `${message} ${fix}`, code }),
};

export async function openInferenceRoutes(app: FastifyInstance, context: Services): Promise<void> {
  app.removeAllContentTypeParsers();
  // Whatever its label: Triton's own client sends none.
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (_request, body, done) => done(null, body),
  );
  app.setErrorHandler((error, _request, reply) => answerError(reply, error, ERROR_FORM));
  const admission = new Admission(ADMISSION);
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'POST') admission.admit(request, reply);
  });

  app.get('/v2', async () => ({
    name: 'plumbline',
    version: context.codeVersion,
    extensions: ['binary_tensor_data'],
  }));
  app.get('/v2/health/live', async () => ({ live: true }));
  app.get('/v2/health/ready', async () => {
    await readiness(context);
    return { ready: true };
  });
  for (const path of ['/v2/models/:name', '/v2/models/:name/versions/:version']) {
    app.get(path, async ({ params }) => metadataOf(context, await served(context, params)));
    app.get(`${path}/ready`, async ({ params }) => {
      const { version } = await served(context, params);
      return { name: version.model, ready: true };
    });
    app.post(`${path}/infer`, (request, reply) => infer(context, request, reply));
  }
}

function served({ served: models }: Services, params: unknown): Promise<ServedModel> {
  const { name, version } = model.parse(params);
  return models.get(name, version ?? 'promoted');
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
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { name, version } = model.parse(request.params);
  const { request: asked, images } = readInferRequest(...bodyOf(request));
  const { category } = inferParameters.parse(asked.parameters ?? {});
  const wanted = outputNames(asked).includes(MAP) ? 'map' : 'scores';
  const signal = abortWhenLeft(reply);
  const answers = await Promise.all(
    images.map((image) =>
      context.gates.inspections.run(
        () => inspect(context, image, { name, version, category, wanted }),
        signal,
      ),
    ),
  );
  const { body, jsonBytes } = encodeResponse(asked, answers);
  if (jsonBytes === null) return reply.type('application/json').send(body);
  return reply.header(JSON_LENGTH, String(jsonBytes)).type('application/octet-stream').send(body);
}

function bodyOf({ body, headers }: FastifyRequest): [Uint8Array, number | undefined] {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  const given = headers[JSON_LENGTH];
  const jsonBytes = given === undefined ? undefined : Number(given);
  if ((jsonBytes ?? bytes.length) > MAX_JSON_BYTES)
    throw new DomainError('TOO_LARGE', `The JSON is longer than ${MAX_JSON_BYTES / 1e6} MB.`, {
      fix: 'Send the image as a binary tensor, or its file as BYTES.',
    });
  return [bytes, jsonBytes];
}

interface Asked {
  readonly name: string;
  readonly version: number | undefined;
  readonly category: string | undefined;
  readonly wanted: 'map' | 'scores';
}

async function inspect(context: Services, given: GivenImage, asked: Asked): Promise<Answered> {
  const start = performance.now();
  const { result, ...found } = await inspectImage(context, {
    ...asked,
    readImage: async (to) =>
      given.kind === 'file'
        ? decodeFor(context, to, given.bytes, { category: asked.category })
        : pixelsFor(context, to, given),
  });
  const verdict = verdictOf({ ...found, imageScore: result.imageScore });
  recordInspection(context, verdict, performance.now() - start);
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
  return { width, height, data };
}
