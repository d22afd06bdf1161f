/** @file The status of the platform: versions, this machine, the trainers and what there is. */
import { availableParallelism, cpus, hostname, totalmem } from 'node:os';
import type { SystemStatus } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { API_VERSION } from '../version.ts';

export async function readSystemStatus(context: Context): Promise<SystemStatus> {
  const [trainers, counts] = await Promise.all([
    context.database.trainers.list(),
    context.database.counts(),
  ]);
  return {
    version: API_VERSION,
    codeVersion: context.codeVersion,
    hardware: describeHardware(),
    trainers,
    ...counts,
    inspections: context.inspections.counts,
  };
}

/** `host, 8 × Some CPU, 32 GiB, cpu`: what latencies of this platform were measured on. */
function describeHardware(): string {
  const processor = cpus()[0]?.model.trim() || 'unknown processor';
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${hostname()}, ${availableParallelism()} × ${processor}, ${gibibytes} GiB, onnxruntime cpu`;
}
