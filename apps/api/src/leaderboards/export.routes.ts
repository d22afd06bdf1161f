/** @file Downloads of a leaderboard as JSON, CSV, Markdown or LaTeX. */
import { boardInput, exportFormatSchema } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';
import { buildLeaderboard } from './build-leaderboard.ts';
import { exportBoard } from './export/export-board.ts';

const exportInput = boardInput.extend({ format: exportFormatSchema.default('json') });

export async function leaderboardExportRoutes(
  app: FastifyInstance,
  context: Services,
): Promise<void> {
  app.get('/v1/leaderboards/:dataset/export', async (request, reply) => {
    const fields = { ...(request.query as object), ...(request.params as object) };
    const { format, ...board } = exportInput.parse(fields);
    const { text, contentType, fileName } = exportBoard(
      await buildLeaderboard(context, board),
      format,
    );
    return reply
      .header('content-disposition', `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`)
      .type(contentType)
      .send(text);
  });
}
