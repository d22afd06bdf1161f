/** @file Whether requests can be served: for load balancers, which `/healthz` would tell only that the process lives. */
import { DomainError } from '@plumbline/contracts';
import type { Services } from '../context.ts';

const ANSWER_MS = 2_000;

export interface Readiness {
  readonly status: 'ready';
  readonly database: 'answers';
  readonly store: 'matches';
}

/** @throws DomainError UNAVAILABLE while the database does not answer, or its images are not here */
export async function readiness({
  database,
  stores,
}: Pick<Services, 'database' | 'stores'>): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new DomainError(
            'UNAVAILABLE',
            `The database has not answered for ${ANSWER_MS / 1000} s.`,
          ),
        ),
      ANSWER_MS,
    );
  });
  try {
    await Promise.race([database.store.check(stores.place), late]);
  } finally {
    clearTimeout(timer);
  }
  return { status: 'ready', database: 'answers', store: 'matches' };
}
