/** @file `GET /metrics`, in Prometheus' text format. */
import { rawRoute } from '../raw-routes/raw-route.ts';

export const METRICS_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/metrics',
    id: 'metrics',
    tag: 'system',
    summary: 'Counters and durations for Prometheus',
    description:
      'Time in queue, decode, infer and encode; verdicts; loaded versions; event loop delay (docs/observability.md).',
    answers: { 200: { description: 'Prometheus’ text format', content: { 'text/plain': 'text' } } },
    handle: async ({ metrics: { registry } }, { reply }) =>
      reply.type(registry.contentType).send(await registry.metrics()),
  }),
];
