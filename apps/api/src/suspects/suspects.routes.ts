/** @file Where suspects differ from the other training images: of a search, and of a run. */
import { HEATMAP_STYLE } from '@plumbline/contracts';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { IMMUTABLE } from '../immutable.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { runSuspectHeatmap } from '../runs/run-suspects.ts';
import { suspectPicture } from './suspect-picture.ts';

export const SUSPECT_ROUTES = [
  heatmapRoute({
    path: '/v1/suspects/{id}/heatmaps/{position}',
    id: 'suspects-heatmap',
    tag: 'datasets',
    summary: 'Where a suspect differs from the other training images',
    picture: async (context, id, position) =>
      suspectPicture(context, await context.database.suspects.map(id, position)),
  }),
  heatmapRoute({
    path: '/v1/runs/{id}/suspects/heatmaps/{position}',
    id: 'runs-suspect-heatmap',
    tag: 'runs',
    summary: 'Where a training image that stands out in a run differs, by the fit that scored it',
    picture: runSuspectHeatmap,
  }),
];

interface HeatmapRoute {
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  /** @returns PNG bytes. @throws DomainError NOT_FOUND */
  picture(context: Services, id: string, position: number): Promise<Uint8Array>;
}

function heatmapRoute({ picture, ...route }: HeatmapRoute) {
  return rawRoute({
    ...route,
    method: 'GET',
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
      const png = await picture(context, params.id, params.position);
      return reply.header('cache-control', IMMUTABLE).type('image/png').send(png);
    },
  });
}
