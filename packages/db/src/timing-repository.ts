/** @file How long the parts of past runs took, by machine. */
import type { PartTiming } from '@plumbline/contracts';
import type { Client } from './client.ts';

/** Newest timings that are looked at. */
const NEWEST = 500;

export class TimingRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Newest first. @param hosts Whose: those that would train. */
  list(hosts: readonly string[]): Promise<PartTiming[]> {
    return this.#client.partTiming.findMany({
      where: { host: { in: [...hosts] } },
      orderBy: { id: 'desc' },
      take: NEWEST,
      select: { runId: true, key: true, units: true, seconds: true, expectedSeconds: true },
    });
  }
}
