/** @file OpenAPI for the routes that are no procedures: images, files and uploads. */
import { DATASET_EXPORT_FORMATS, EXPORT_FORMATS, predictionSchema } from '@plumbline/contracts';
import { z } from 'zod';
import { MAX_THUMBNAIL_SIDE } from '../blobs/blob-picture.ts';
import { IMAGE_CONTENT_TYPES } from '../inference/inference.routes.ts';

const HASH = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const TEXT = { type: 'string' };
const NUMBER = { type: 'integer', minimum: 1 };
const BINARY = { type: 'string', format: 'binary' };

const inPath = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
const inQuery = (name: string, schema: object, description: string) => ({
  name,
  in: 'query',
  required: false,
  schema,
  description,
});
const RANGE = inQuery(
  'range',
  { type: 'string', example: '0..4095' },
  'Values that are black and white in an image with more than 8 bits; those of its category in training when absent.',
);
const answer = (description: string, contentType: string, schema: object = BINARY) => ({
  200: { description, content: { [contentType]: { schema } } },
});

const imageBody = {
  required: true,
  content: Object.fromEntries(IMAGE_CONTENT_TYPES.map((type) => [type, { schema: BINARY }])),
};
const version = [inPath('name', TEXT), inPath('version', NUMBER)];

type Paths = Readonly<Record<string, Readonly<Record<string, object>>>>;

const INFERENCE_PATHS: Paths = {
  '/v1/models/{name}/predict': {
    post: {
      operationId: 'models-predict',
      tags: ['inference'],
      summary: 'Inspect one image',
      description:
        'Returns the image score on the method’s own scale, and the label by the threshold: a score at or above ' +
        'it is anomalous. The heatmap is the photo in gray, colored from 0.75 to 2 times the category’s pixel threshold (`heatmapScale`), with a ' +
        'white line around what is at or above it. At most 64 MB.',
      parameters: [
        inPath('name', TEXT),
        inQuery('version', NUMBER, 'The promoted version if absent.'),
        inQuery(
          'category',
          TEXT,
          'Its thresholds are used. When absent the category is found from the image, or is the model’s only one; the answer says ' +
            'which and how sure it is. `pooled` (unless a category has that name) is one threshold for all categories, which misses more. A version ' +
            'trained before categories were found answers INVALID_INPUT with their names.',
        ),
        RANGE,
        inQuery(
          'heatmap',
          { type: 'boolean', default: false },
          'Also return the heatmap as a base64 PNG.',
        ),
        inQuery(
          'regions',
          { type: 'boolean', default: false },
          'Also return where the anomaly map is at or above the pixel threshold: boxes, areas and peaks in pixels of the image, the ' +
            'highest score first, at most 100. An anomalous image can have none and a normal one some: the label is by the image score.',
        ),
      ],
      requestBody: imageBody,
      responses: answer('The inspection', 'application/json', jsonSchema(predictionSchema)),
    },
  },
  '/v1/models/{name}/normal': {
    post: {
      operationId: 'models-normal',
      tags: ['inference'],
      summary: 'What the model expects an image to look like',
      description:
        'A small picture, decoded from the features that the method reconstructed, in the image’s aspect ratio; no ' +
        'score depends on it. NOT_FOUND for a version that was trained without a decoder. At most 64 MB.',
      parameters: [
        inPath('name', TEXT),
        inQuery('version', NUMBER, 'The promoted version if absent.'),
        inQuery('category', TEXT, 'Says the range of values of an image with more than 8 bits.'),
        RANGE,
      ],
      requestBody: imageBody,
      responses: answer('The picture', 'image/png'),
    },
  },
  '/v1/models/{name}/versions/{version}/heatmaps/{sha256}': {
    get: {
      operationId: 'models-heatmap',
      tags: ['inference'],
      summary: 'Heatmap of a test image of the version',
      parameters: [...version, inPath('sha256', HASH)],
      responses: answer('PNG of the size of the image', 'image/png'),
    },
  },
};

const FILE_PATHS: Paths = {
  '/v1/models/{name}/versions/{version}/files/{file}': {
    get: {
      operationId: 'models-file',
      tags: ['models'],
      summary: 'One file of the bundle',
      parameters: [...version, inPath('file', TEXT)],
      responses: answer('The file', 'application/octet-stream'),
    },
  },
  '/v1/models/{name}/versions/{version}/bundle.zip': {
    get: {
      operationId: 'models-bundle',
      tags: ['models'],
      summary: 'All files of the bundle',
      parameters: version,
      responses: answer('Zip archive', 'application/zip'),
    },
  },
  '/v1/blobs/{sha256}': {
    get: {
      operationId: 'blobs-get',
      tags: ['datasets'],
      summary: 'An image or mask of a dataset',
      parameters: [
        inPath('sha256', HASH),
        inQuery(
          'size',
          { ...NUMBER, maximum: MAX_THUMBNAIL_SIDE },
          'Longer side of a WebP thumbnail in pixels, rounded up to 64, 128, 256, 512 or 1024; the original when absent.',
        ),
      ],
      responses: answer('The image', 'image/*'),
    },
  },
  '/v1/datasets/{name}/export': {
    get: {
      operationId: 'datasets-export',
      tags: ['datasets'],
      summary: 'A dataset version as files',
      description:
        'A .zip in the MVTec layout, written while it is sent, or a list of its samples with their hashes. An import of the .zip gives the same version hash.',
      parameters: [
        inPath('name', TEXT),
        inQuery('version', NUMBER, 'The latest if absent.'),
        inQuery(
          'format',
          { enum: DATASET_EXPORT_FORMATS, default: 'zip' },
          'json and csv are lists.',
        ),
      ],
      responses: {
        200: {
          description: 'The file',
          content: {
            'application/zip': { schema: BINARY },
            'application/json': { schema: { type: 'object' } },
            'text/csv': { schema: TEXT },
          },
        },
      },
    },
  },
  '/v1/leaderboards/{dataset}/export': {
    get: {
      operationId: 'leaderboards-export',
      tags: ['leaderboards'],
      summary: 'A leaderboard as a file',
      parameters: [
        inPath('dataset', TEXT),
        inQuery('format', { enum: EXPORT_FORMATS, default: 'json' }, 'LaTeX compiles as it is.'),
        inQuery('datasetVersion', TEXT, 'The current one if absent.'),
        inQuery('protocol', TEXT, 'Name or key; the one with most results if absent.'),
      ],
      responses: {
        200: {
          description: 'The file',
          content: Object.fromEntries(
            ['application/json', 'text/csv', 'text/markdown', 'application/x-tex'].map((type) => [
              type,
              { schema: TEXT },
            ]),
          ),
        },
      },
    },
  },
};

const SYSTEM_PATHS: Paths = {
  '/healthz': {
    get: {
      operationId: 'healthz',
      tags: ['system'],
      summary: 'Whether the API is up; needs no key',
      security: [],
      responses: answer('It is', 'application/json', {
        type: 'object',
        properties: { status: { const: 'ok' } },
        required: ['status'],
      }),
    },
  },
  '/readyz': {
    get: {
      operationId: 'readyz',
      tags: ['system'],
      summary:
        'Whether requests can be served: the database answers and its images are here; needs no key',
      description:
        'Answers 503 with `Retry-After` while the database is away, as every other address does then.',
      security: [],
      responses: answer('They can', 'application/json', {
        type: 'object',
        properties: {
          status: { const: 'ready' },
          database: { const: 'answers' },
          store: { const: 'matches' },
        },
        required: ['status', 'database', 'store'],
      }),
    },
  },
};

const UPLOAD_ID = inPath('id', TEXT);

const UPLOAD_PATHS: Paths = {
  '/v1/uploads': {
    post: {
      operationId: 'uploads-create',
      tags: ['datasets'],
      summary: 'Begin a resumable upload of a .zip (tus 1.0.0)',
      description:
        'The metadata `filename` must end in .zip. Once all bytes are here, import it with ' +
        '`{ "kind": "upload", "uploadId": "<last part of Location>" }`.',
      responses: { 201: { description: 'Created; `Location` is the address of the upload' } },
    },
  },
  '/v1/uploads/{id}': {
    head: {
      operationId: 'uploads-offset',
      tags: ['datasets'],
      summary: 'How many bytes have arrived (`Upload-Offset`)',
      parameters: [UPLOAD_ID],
      responses: { 200: { description: 'The offset to resume from' } },
    },
    patch: {
      operationId: 'uploads-append',
      tags: ['datasets'],
      summary: 'Send bytes, starting at an offset',
      parameters: [UPLOAD_ID],
      requestBody: { content: { 'application/offset+octet-stream': { schema: BINARY } } },
      responses: { 204: { description: 'Stored' } },
    },
    delete: {
      operationId: 'uploads-remove',
      tags: ['datasets'],
      summary: 'Abandon an upload',
      parameters: [UPLOAD_ID],
      responses: { 204: { description: 'Removed' } },
    },
  },
};

export const RAW_PATHS: Paths = {
  ...INFERENCE_PATHS,
  ...FILE_PATHS,
  ...UPLOAD_PATHS,
  ...SYSTEM_PATHS,
};

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema);
  return plain;
}
