/** @file Downloads of model bundles: file by file, or all in one .zip. */
import { extname } from 'node:path';
import { z } from 'zod';
import { versionParams } from '../raw-routes/path-fields.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { isUnchanged, UNCHANGED } from '../revalidate.ts';
import { openBundleFile } from './bundle-files.ts';
import { zipBundle } from './bundle-zip.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
};
const OTHER = 'application/octet-stream';

export const BUNDLE_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/v1/models/{name}/versions/{version}/files/{file}',
    id: 'models-file',
    tag: 'models',
    summary: 'One file of the bundle',
    params: versionParams.extend({ file: z.string().min(1) }),
    answers: {
      200: {
        description: 'The file',
        content: Object.fromEntries(
          [...Object.values(CONTENT_TYPES), OTHER].map((type) => [
            type.split(';')[0] ?? type,
            type.includes('json') ? z.unknown() : 'bytes',
          ]),
        ),
      },
      ...UNCHANGED,
    },
    async handle(context, { params: { name, version, file }, reply }) {
      const { bundleHash } = await context.database.models.get(name, version);
      if (isUnchanged(reply, `${bundleHash}-${encodeURIComponent(file)}`)) return reply.send();
      const { stream, bytes } = await openBundleFile(context, name, version, file);
      return reply
        .header('content-length', bytes)
        .header('content-disposition', attachment(file))
        .type(CONTENT_TYPES[extname(file)] ?? OTHER)
        .send(stream);
    },
  }),
  rawRoute({
    method: 'GET',
    path: '/v1/models/{name}/versions/{version}/bundle.zip',
    id: 'models-bundle',
    tag: 'models',
    summary: 'All files of the bundle',
    params: versionParams,
    answers: { 200: { description: 'Zip archive', content: { 'application/zip': 'bytes' } } },
    async handle(context, { params: { name, version }, reply }) {
      const zip = await zipBundle(context, name, version);
      return reply
        .header('content-disposition', attachment(`${name}-v${version}.zip`))
        .type('application/zip')
        .send(zip);
    },
  }),
];

/** Names in bundles are plain, but a header must not break on one that is not. */
function attachment(file: string): string {
  return `attachment; filename="${file.replace(/[^\w.-]/g, '_')}"`;
}
