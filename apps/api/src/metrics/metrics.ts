/** @file What Prometheus asks for at `/metrics`; names and units by its conventions, labels of few values. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { InspectionMetrics } from './inspection-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly inspections: InspectionMetrics;
}

/** With those of the process: memory, processor time, event loop delay, garbage collection. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { registry, inspections: new InspectionMetrics(registry) };
}
