/** @file OpenAPI for the routes of the Open Inference Protocol. */
import { INPUT, MAX_BATCH } from './infer-request.ts';
import { OUTPUTS } from './infer-response.ts';

const OBJECT = { type: 'object' };
const tags = ['open inference'];
const NAME = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };
const VERSION = {
  ...{ name: 'version', in: 'path', required: true },
  schema: { type: 'integer', minimum: 1 },
};
const FAILED = {
  description: 'The request failed',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: { error: { type: 'string' }, code: { type: 'string' } },
        required: ['error'],
      },
    },
  },
};
const json = (description: string, schema: object = OBJECT) => ({
  200: { description, content: { 'application/json': { schema } } },
  default: FAILED,
});
const tensor = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    shape: { type: 'array', items: { type: 'integer', minimum: 1 } },
    datatype: { type: 'string' },
    parameters: OBJECT,
    data: { type: 'array' },
  },
  required: ['name', 'shape', 'datatype'],
};
const request = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    parameters: OBJECT,
    inputs: { type: 'array', items: tensor, minItems: 1, maxItems: 1 },
    outputs: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { enum: Object.keys(OUTPUTS) }, parameters: OBJECT },
        required: ['name'],
      },
    },
  },
  required: ['inputs'],
};

function ofModel(path: string, suffix: string, parameters: readonly object[]) {
  return {
    [path]: {
      get: {
        ...{ operationId: `v2-model${suffix}`, tags, parameters },
        summary: 'Inputs and outputs of a model',
        responses: json('Metadata'),
      },
    },
    [`${path}/ready`]: {
      get: {
        ...{ operationId: `v2-model-ready${suffix}`, tags, parameters },
        summary: 'Whether the model answers',
        responses: json('It does'),
      },
    },
    [`${path}/infer`]: {
      post: {
        ...{ operationId: `v2-infer${suffix}`, tags, parameters },
        summary: 'Inspect images as tensors',
        description:
          `One input, "${INPUT}": UINT8 [n, height, width, 3] with the pixels, or BYTES [n] with the files (base64 in JSON, with the parameter ` +
          `content_type "base64"); at most ${MAX_BATCH} images. Outputs: ${Object.keys(OUTPUTS).join(', ')}. Binary tensors go after the JSON, whose ` +
          'length is then in the header Inference-Header-Content-Length. The request parameter "category" names the category of all its images. ' +
          'At most 64 MB, of which 8 MB JSON.',
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: request },
            'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
          },
        },
        responses: {
          200: {
            description: 'The outputs',
            content: {
              'application/json': { schema: OBJECT },
              'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
            },
          },
          default: FAILED,
        },
      },
    },
  };
}

const health = (path: 'live' | 'ready', summary: string) => ({
  [`/v2/health/${path}`]: {
    get: {
      ...{ operationId: `v2-health-${path}`, tags, summary },
      responses: json('It is'),
    },
  },
});

export const OPEN_INFERENCE_PATHS = {
  '/v2': {
    get: {
      ...{ operationId: 'v2-server', tags, summary: 'Name, version and extensions of the server' },
      responses: json('Metadata'),
    },
  },
  ...health('live', 'Whether the API is up'),
  ...health('ready', 'Whether requests can be served'),
  ...ofModel('/v2/models/{name}', '', [NAME]),
  ...ofModel('/v2/models/{name}/versions/{version}', '-version', [NAME, VERSION]),
};
