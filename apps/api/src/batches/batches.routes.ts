/** @file Downloads of a batch: its results as JSON lines or CSV, and heatmaps, which are made when they are asked for. */
import { Readable } from 'node:stream';
import {
  BATCH_FORMATS,
  type BatchFormat,
  type BatchResult,
  type InspectedFile,
  MAX_NUMBER,
  RESULT_COLUMNS,
  toResultCells,
} from '@plumbline/contracts';
import type { Database } from '@plumbline/db';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { openBatchImages } from './batch-images.ts';
import { heatmapOf } from './inspect-one.ts';
import { ownBatch } from './own-batches.ts';

const PAGE = 500;
const CONTENT_TYPES: Record<BatchFormat, string> = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};
const batchParams = z.object({ id: z.string().min(1) });

export const BATCH_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/v1/batches/{id}/results',
    id: 'batches-results',
    tag: 'batches',
    summary: 'What came of the images so far, a line each, in the order of the source',
    description:
      'A line of JSON has the fields of a prediction with `image`, `heatmap` (the address of its heatmap) and `error`; CSV has the columns of ' +
      '`plumb predict --out`, with the strongest region alone. Kept as long as `keptUntil` of the batch says.',
    params: batchParams,
    query: z.object({ format: z.enum(BATCH_FORMATS).default('jsonl') }),
    answers: {
      200: {
        description: 'The results so far',
        content: { 'application/jsonl': 'text', 'text/csv': 'text' },
      },
    },
    async handle(context, { params: { id }, query: { format }, request, reply }) {
      await ownBatch({ ...context, principal: request.principal }, id);
      const lines = Readable.from(linesOf(context.database, id, format));
      return reply
        .header('content-disposition', `attachment; filename="batch-${id.slice(0, 8)}.${format}"`)
        .type(CONTENT_TYPES[format])
        .send(lines);
    },
  }),
  rawRoute({
    method: 'GET',
    path: '/v1/batches/{id}/heatmaps/{image}',
    id: 'batches-heatmap',
    tag: 'batches',
    summary: 'Heatmap of an image of a batch, by its place in the source, from 0',
    params: batchParams.extend({ image: z.coerce.number().int().min(0).max(MAX_NUMBER) }),
    answers: {
      200: { description: 'PNG of the size of the image', content: { 'image/png': 'bytes' } },
    },
    async handle(context, { params: { id, image }, request, reply }) {
      await ownBatch({ ...context, principal: request.principal }, id);
      const { database, served } = context;
      const result = await database.batches.result(id, image);
      const { order } = await database.batches.input(id);
      const { version } = await served.get(order.model, order.version);
      const thresholds = await database.thresholds.get(version, order.thresholdProfile);
      const images = await openBatchImages(context, order, version);
      try {
        const { maxPixels } = images;
        const batch = { ...context, maxPixels, id, order, thresholds };
        const png = await heatmapOf(batch, await images.at(image), result);
        return reply.type('image/png').send(png);
      } finally {
        await images.close();
      }
    },
  }),
];

async function* linesOf(
  { batches }: Pick<Database, 'batches'>,
  id: string,
  format: BatchFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield stringify([[...RESULT_COLUMNS]]);
  for (let from = 0; ; ) {
    const page = await batches.results(id, from, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    const results = page.map(({ result }) => result);
    yield format === 'csv'
      ? stringify(results.map((result) => toResultCells(asInspected(result))))
      : results.map((result) => `${JSON.stringify(result)}\n`).join('');
    from = last.position + 1;
  }
}

function asInspected(result: BatchResult): InspectedFile {
  if (result.error !== null) return { ...result, prediction: null };
  const { image, heatmap, error, ...prediction } = result;
  return { image, heatmap, error, prediction };
}
