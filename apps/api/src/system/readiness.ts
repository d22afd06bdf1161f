/** @file Whether requests can be served: for load balancers, which `/healthz` would tell only that the process lives. */
import { DomainError } from '@plumbline/contracts';
import type { Services } from '../context.ts';

const ANSWER_MS = 2_000;

export interface Readiness {
  readonly status: 'ready';
  readonly database: 'answers';
}

/** @throws DomainError UNAVAILABLE while the database does not answer */
export async function readiness({ database }: Pick<Services, 'database'>): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new DomainError('UNAVAILABLE', `The database is silent for ${ANSWER_MS / 1000} s.`)),
      ANSWER_MS,
    );
  });
  try {
    await Promise.race([database.ping(), late]);
  } finally {
    clearTimeout(timer);
  }
  return { status: 'ready', database: 'answers' };
}
