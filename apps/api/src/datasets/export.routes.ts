/** @file `GET /v1/datasets/{name}/export`: a version as a .zip in the MVTec layout, or as a list of its samples. */
import { Readable } from 'node:stream';
import { DATASET_EXPORT_FORMATS, type DatasetExportFormat, nameSchema } from '@plumbline/contracts';
import { exportCsv, exportJson, exportZip, type VersionToExport } from '@plumbline/data';
import { z } from 'zod';
import { versionNumber } from '../raw-routes/path-fields.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';

const CONTENT_TYPES: Record<DatasetExportFormat, string> = {
  zip: 'application/zip',
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

export const DATASET_EXPORT_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/v1/datasets/{name}/export',
    id: 'datasets-export',
    tag: 'datasets',
    summary: 'A dataset version as files',
    description:
      'A .zip in the MVTec layout, written while it is sent, or a list of its samples with their hashes. An import of the .zip gives the same version hash.',
    params: z.object({ name: nameSchema }),
    query: z.object({
      version: versionNumber.optional().describe('The latest if absent.'),
      format: z.enum(DATASET_EXPORT_FORMATS).default('zip').describe('json and csv are lists.'),
    }),
    answers: {
      200: {
        description: 'The file',
        content: {
          'application/zip': 'bytes',
          'application/json': z.looseObject({}),
          'text/csv': 'text',
        },
      },
    },
    async handle({ database, blobs }, { params: { name }, query: { version, format }, reply }) {
      const stored = await database.datasets.manifest(name, version);
      const exported: VersionToExport = { name, ...stored };
      const body =
        format === 'zip'
          ? exportZip(exported, blobs)
          : Readable.from(format === 'json' ? exportJson(exported) : exportCsv(exported));
      return reply
        .header(
          'content-disposition',
          `attachment; filename="${name}-v${stored.version}.${format}"`,
        )
        .type(CONTENT_TYPES[format])
        .send(body);
    },
  }),
];
