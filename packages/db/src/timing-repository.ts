/** @file How long the parts of past runs took, by machine and by what computed. */
import type { PartTiming } from '@plumbline/contracts';
import type { Client } from './client.ts';

/** Newest timings that are looked at. */
const NEWEST = 500;

export class TimingRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Newest first.
   * @param hosts Whose: those that would train.
   * @param provider What would compute; what did in the newest run when absent. Of others only where it never did.
   */
  async list(hosts: readonly string[], provider?: string): Promise<PartTiming[]> {
    const where = { host: { in: [...hosts] } };
    const orderBy = { id: 'desc' } as const;
    const newest = await this.#client.partTiming.findFirst({
      where: provider === undefined ? where : { ...where, provider },
      orderBy,
      select: { provider: true },
    });
    return this.#client.partTiming.findMany({
      where: newest === null ? where : { ...where, provider: newest.provider },
      orderBy,
      take: NEWEST,
      select: { runId: true, key: true, units: true, seconds: true, expectedSeconds: true },
    });
  }
}
