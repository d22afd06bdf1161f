/** @file `GET /v1/datasets/{name}/export`: a version as a .zip in the MVTec layout, or as a list of its samples. */
import { Readable } from 'node:stream';
import {
  DATASET_EXPORT_FORMATS,
  type DatasetExportFormat,
  MAX_NUMBER,
  nameSchema,
} from '@plumbline/contracts';
import { exportCsv, exportJson, exportZip, type VersionToExport } from '@plumbline/data';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { assertKnownFields } from '../errors/unknown-fields.ts';

const params = z.object({ name: nameSchema });
const query = z.object({
  version: z.coerce.number().int().positive().max(MAX_NUMBER).optional(),
  format: z.enum(DATASET_EXPORT_FORMATS).default('zip'),
});

const CONTENT_TYPES: Record<DatasetExportFormat, string> = {
  zip: 'application/zip',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

export async function datasetExportRoutes(
  app: FastifyInstance,
  { database, blobs }: Services,
): Promise<void> {
  app.get('/v1/datasets/:name/export', async (request, reply) => {
    const { name } = params.parse(request.params);
    assertKnownFields(request.query as Record<string, unknown>, Object.keys(query.shape));
    const { version, format } = query.parse(request.query);
    const stored = await database.datasets.manifest(name, version);
    const exported: VersionToExport = { name, ...stored };
    const body =
      format === 'zip'
        ? exportZip(exported, blobs)
        : Readable.from(format === 'json' ? exportJson(exported) : exportCsv(exported));
    return reply
      .header('content-disposition', `attachment; filename="${name}-v${stored.version}.${format}"`)
      .type(CONTENT_TYPES[format])
      .send(body);
  });
}
