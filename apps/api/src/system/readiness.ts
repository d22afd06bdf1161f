/** @file Whether requests can be served: for load balancers, which `/healthz` would tell only that the process lives. */
import { DomainError } from '@plumbline/contracts';
import type { Services } from '../context.ts';

const ANSWER_MS = 2_000;

export interface Readiness {
  readonly status: 'ready';
  readonly database: 'answers';
  readonly store: 'matches';
}

/** @throws DomainError UNAVAILABLE while the database or the store does not answer, or its images are not here */
export async function readiness({
  database,
  stores: { place },
}: Pick<Services, 'database' | 'stores'>): Promise<Readiness> {
  const store = watched(place);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(store.isSilent() ? place : null)), ANSWER_MS);
  });
  try {
    await Promise.race([database.store.check(store.place), late]);
  } finally {
    clearTimeout(timer);
  }
  return { status: 'ready', database: 'answers', store: 'matches' };
}

/** Tells whether a store elsewhere has been asked and has not answered yet. */
function watched(place: Services['stores']['place']) {
  if (typeof place === 'string') return { place, isSilent: () => false };
  let isSilent = false;
  const readId = async () => {
    isSilent = true;
    return place.readId().finally(() => {
      isSilent = false;
    });
  };
  return { place: { ...place, readId }, isSilent: () => isSilent };
}

function silent(place: Services['stores']['place'] | null): DomainError {
  const who =
    place === null || typeof place === 'string'
      ? 'The database'
      : `The store ${place.directory} on ${place.host}`;
  return new DomainError('UNAVAILABLE', `${who} has not answered for ${ANSWER_MS / 1000} s.`, {
    fix: 'Check that it runs and can be reached. Models that are loaded go on answering.',
  });
}
