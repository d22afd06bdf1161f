/** @file Whether requests can be served: for load balancers, which `/healthz` would tell only that the process lives. */
import { DomainError, type StorePlace } from '@plumbline/contracts';
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
  const where = typeof place === 'string' ? place : askedOnce(place);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(place)), ANSWER_MS);
  });
  try {
    await Promise.race([database.store.check(where), late]);
  } finally {
    clearTimeout(timer);
  }
  return { status: 'ready', database: 'answers', store: 'matches' };
}

/** Questions under way: a server that hangs is not asked again and again. */
const asked = new WeakMap<StorePlace, Promise<string | null>>();

function askedOnce(place: StorePlace): StorePlace {
  const readId = (): Promise<string | null> => {
    const known = asked.get(place);
    if (known !== undefined) return known;
    const answer = place.readId().finally(() => asked.delete(place));
    asked.set(place, answer);
    return answer;
  };
  return { ...place, readId };
}

function silent(place: string | StorePlace): DomainError {
  const isStore = typeof place !== 'string' && asked.has(place);
  const who = isStore ? `The store ${place.directory} on ${place.host}` : 'The database';
  return new DomainError('UNAVAILABLE', `${who} has not answered for ${ANSWER_MS / 1000} s.`, {
    fix: 'Check that it runs and can be reached. Models that are loaded go on answering.',
  });
}
