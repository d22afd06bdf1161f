/** @file Searches for suspects as people and trainers see them: asked for, cancelled, ended; reviewed and decided on. */
import {
  DomainError,
  type FoundSuspects,
  type StartSuspectSearch,
  type SuspectMap,
  type SuspectReview,
  type SuspectSearch,
} from '@plumbline/contracts';
import { type Client, notFound, toJson } from '../client.ts';
import { ImportRepository } from '../imports/import-repository.ts';
import { type Attempt, assertHeld, heldBy } from '../jobs/attempt.ts';
import { removeJob } from '../jobs/job-payload.ts';
import { findKept, type KeptSuspect, suspectKey } from './kept-suspects.ts';
import { reviewSuspects } from './review-suspects.ts';
import { type SuspectSearchRow, suspectSearches } from './suspect-searches.ts';

export class SuspectRepository extends ImportRepository<
  SuspectSearchRow,
  StartSuspectSearch,
  SuspectSearch
> {
  readonly #client: Client;

  constructor(client: Client) {
    super(client, suspectSearches(client));
    this.#client = client;
  }

  /** One that waits is cancelled at once, one under way by its trainer. @throws DomainError CONFLICT when it has ended. */
  async requestCancel(id: string): Promise<SuspectSearch> {
    await this.#client.$transaction(async (tx) => {
      const waiting = await tx.suspectSearch.updateMany({
        where: { id, status: 'queued' },
        data: { status: 'cancelled', cancelRequested: true, finishedAt: new Date() },
      });
      if (waiting.count > 0) return removeJob(tx, id);
      await tx.suspectSearch.updateMany({
        where: { id, status: 'running' },
        data: { cancelRequested: true },
      });
    });
    const search = await this.get(id);
    if (search.cancelRequested) return search;
    throw new DomainError('CONFLICT', `The search has ended already: it has ${search.status}.`, {
      fix: 'There is nothing to cancel.',
    });
  }

  async isCancelRequested(id: string): Promise<boolean> {
    return (await this.get(id)).cancelRequested;
  }

  /** Does nothing when the search is another attempt's, or has ended. */
  async cancelled(attempt: Attempt): Promise<void> {
    await this.#client.suspectSearch.updateMany({
      where: heldBy(attempt),
      data: { status: 'cancelled', finishedAt: new Date() },
    });
  }

  /** @throws SupersededError */
  async succeed(
    attempt: Attempt,
    found: FoundSuspects,
    /** In the order of the list, `SUSPECT_MAP_SIDE` a side. */
    maps: readonly SuspectMap[],
  ): Promise<void> {
    await this.#client.$transaction(async (tx) => {
      const data = { status: 'succeeded', found: toJson(found), finishedAt: new Date() };
      assertHeld(attempt, await tx.suspectSearch.updateMany({ where: heldBy(attempt), data }));
      await tx.suspectMap.createMany({
        data: maps.map(({ sha256, values, threshold }, position) => ({
          ...{ searchId: attempt.id, position, sha256, threshold },
          values: new Uint8Array(values.slice().buffer),
        })),
      });
    });
  }

  /** @throws DomainError NOT_FOUND */
  async map(id: string, position: number): Promise<SuspectMap> {
    const found = await this.#client.suspectMap.findUnique({
      where: { searchId_position: { searchId: id, position } },
    });
    if (found === null)
      throw notFound('suspect', `${position} of the search ${id}`, 'See the search for its list.');
    const { sha256, values, threshold } = found;
    return { sha256, threshold, values: new Float32Array(Uint8Array.from(values).buffer) };
  }

  /** @throws DomainError NOT_FOUND */
  review({ name, version }: StartSuspectSearch): Promise<SuspectReview> {
    return reviewSuspects(this.#client, this, name, version);
  }

  /** Each with whether it was kept before. */
  async withKept<Image extends KeptSuspect>(
    name: string,
    images: readonly Image[],
  ): Promise<(Image & { isKept: boolean })[]> {
    const kept = await findKept(this.#client, name, images);
    return images.map((image) => ({ ...image, isKept: kept.has(suspectKey(image)) }));
  }

  /** Somebody has looked at them, and they belong. */
  async keep(name: string, images: readonly KeptSuspect[], by: string): Promise<void> {
    await this.#client.keptSuspect.createMany({
      data: images.map((image) => ({ ...image, datasetName: name, by })),
      skipDuplicates: true,
    });
  }
}
