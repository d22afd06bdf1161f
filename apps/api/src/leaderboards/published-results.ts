/** @file Published results: all of them, or those on the standard dataset that a dataset of ours is. */
import type { NamedProtocol, PublishedBoard } from '@plumbline/contracts';
import {
  findPublishedBoard,
  getPublishedBoard,
  NAMED_PROTOCOLS,
  publishedBoards,
} from '@plumbline/eval';
import type { Services } from '../context.ts';

export interface PublishedFilter {
  readonly standard?: string | undefined;
  readonly dataset?: string | undefined;
}

/** With `dataset`, the one with exactly its categories, or none. @throws DomainError NOT_FOUND */
export async function listPublishedResults(
  context: Services,
  { standard, dataset }: PublishedFilter,
): Promise<PublishedBoard[]> {
  if (standard !== undefined) return [getPublishedBoard(standard)];
  if (dataset === undefined) return [...publishedBoards()];
  const { report } = await context.database.datasets.get(dataset);
  const found = findPublishedBoard(report.categories.map((category) => category.name));
  return found === null ? [] : [found];
}

export function listNamedProtocols(): NamedProtocol[] {
  return [...NAMED_PROTOCOLS];
}
