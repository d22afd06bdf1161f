/** @file Downloads of a leaderboard as JSON, CSV, Markdown or LaTeX. */
import { boardInput, exportFormatSchema, leaderboardSchema } from '@plumbline/contracts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { buildLeaderboard } from './build-leaderboard.ts';
import { exportBoard } from './export/export-board.ts';

export const EXPORT_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/v1/leaderboards/{dataset}/export',
    id: 'leaderboards-export',
    tag: 'leaderboards',
    summary: 'A leaderboard as a file',
    params: boardInput.pick({ dataset: true }),
    query: boardInput.omit({ dataset: true }).extend({
      format: exportFormatSchema.default('json').describe('LaTeX compiles as it is.'),
    }),
    answers: {
      200: {
        description: 'The file',
        content: {
          'application/json': leaderboardSchema,
          'text/csv': 'text',
          'text/markdown': 'text',
          'application/x-tex': 'text',
        },
      },
    },
    async handle(context, { params, query: { format, ...board }, reply }) {
      const { text, contentType, fileName } = exportBoard(
        await buildLeaderboard(context, { ...params, ...board }),
        format,
      );
      return reply
        .header(
          'content-disposition',
          `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`,
        )
        .type(contentType)
        .send(text);
    },
  }),
];
