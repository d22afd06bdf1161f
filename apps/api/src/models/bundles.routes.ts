/** @file Downloads of model bundles: file by file, or all in one .zip. */
import { extname } from 'node:path';
import { MAX_NUMBER, nameSchema } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { isUnchanged } from '../revalidate.ts';
import { openBundleFile } from './bundle-files.ts';
import { zipBundle } from './bundle-zip.ts';

const versionParams = z.object({
  name: nameSchema,
  version: z.coerce.number().int().positive().max(MAX_NUMBER),
});
const fileParams = versionParams.extend({ file: z.string().min(1) });

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
};

export async function bundleRoutes(app: FastifyInstance, context: Services): Promise<void> {
  app.get('/v1/models/:name/versions/:version/files/:file', async (request, reply) => {
    const { name, version, file } = fileParams.parse(request.params);
    const { bundleHash } = await context.database.models.get(name, version);
    if (isUnchanged(reply, `${bundleHash}-${encodeURIComponent(file)}`)) return reply.send();
    const { stream, bytes } = await openBundleFile(context, name, version, file);
    return reply
      .header('content-length', bytes)
      .header('content-disposition', attachment(file))
      .type(CONTENT_TYPES[extname(file)] ?? 'application/octet-stream')
      .send(stream);
  });

  app.get('/v1/models/:name/versions/:version/bundle.zip', async (request, reply) => {
    const { name, version } = versionParams.parse(request.params);
    const zip = await zipBundle(context, name, version);
    return reply
      .header('content-disposition', attachment(`${name}-v${version}.zip`))
      .type('application/zip')
      .send(zip);
  });
}

/** Names in bundles are plain, but a header must not break on one that is not. */
function attachment(file: string): string {
  return `attachment; filename="${file.replace(/[^\w.-]/g, '_')}"`;
}
