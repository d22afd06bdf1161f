/** @file `GET /v1/suspects/{id}/heatmaps/{position}`: where a suspect differs from the other training images. */
import { HEATMAP_STYLE, heatmapScale, SUSPECT_MAP_SIDE } from '@plumbline/contracts';
import { renderThumbnail } from '@plumbline/data';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { IMMUTABLE } from '../immutable.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';

/** Longer side of the picture, pixels, at most. */
const PICTURE_SIDE = 512;

export const SUSPECT_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/v1/suspects/{id}/heatmaps/{position}',
    id: 'suspects-heatmap',
    tag: 'datasets',
    summary: 'Where a suspect differs from the other training images',
    params: z.object({
      id: z.string().min(1),
      position: z.coerce.number().int().min(0).max(10_000),
    }),
    query: z.object({
      style: z.coerce
        .number()
        .int()
        .optional()
        .describe(
          `Changes nothing: part of the address, so that nobody is shown an older look of heatmaps than ${HEATMAP_STYLE}.`,
        ),
    }),
    answers: {
      200: { description: 'PNG, at most 512 pixels a side', content: { 'image/png': 'bytes' } },
    },
    async handle(context, { params, reply }) {
      const png = await suspectHeatmap(context, params.id, params.position);
      return reply.header('cache-control', IMMUTABLE).type('image/png').send(png);
    },
  }),
];

/** @returns PNG bytes. @throws DomainError NOT_FOUND */
function suspectHeatmap(context: Services, id: string, position: number): Promise<Uint8Array> {
  const { database, blobs, gates, pictures } = context;
  return gates.heatmaps.run(async () => {
    const { sha256, values, threshold } = await database.suspects.map(id, position);
    const found = await database.datasets.findBlob(sha256);
    const range = found?.kind === 'image' ? found.range : undefined;
    const small = await renderThumbnail(await blobs.read(sha256), PICTURE_SIDE, range);
    return pictures.heatmap({
      image: await pictures.decode(small, sha256),
      ...{ anomalyMap: values, mapHeight: SUSPECT_MAP_SIDE, mapWidth: SUSPECT_MAP_SIDE },
      ...heatmapScale(threshold),
    });
  });
}
