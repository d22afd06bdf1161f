/**
 * @file Forgets what is kept for a while only: inspections and their images, batches, the audit log, changes of drift, messages to the webhook, sessions that
 * ended, and the keys of requests that are safe to repeat.
 */
import { type Database, isDatabaseAway } from '@plumbline/db';
import type { ImageKeeper } from '../kept-images/image-keeper.ts';

export interface RetentionOptions {
  readonly database: Pick<
    Database,
    'inspections' | 'batches' | 'idempotency' | 'audit' | 'sessions' | 'drift' | 'webhooks'
  >;
  readonly keptImages: Pick<ImageKeeper, 'trimAll'>;
  /** Days that inspections are kept. */
  readonly inspectionDays?: number | undefined;
  /** Days that the audit log is kept. */
  readonly auditDays?: number | undefined;
  /** Days that batches are kept once they have ended. */
  readonly batchDays: number;
}

const DAY_MS = 86_400_000;
/** Long enough to look back at a quarter of a line's production. */
const INSPECTION_DAYS = 90;
/** A year: audits look back that far. */
const AUDIT_DAYS = 365;
const KEY_DAYS = 1;
const MESSAGE_DAYS = 30;
const EVERY_MS = 60 * 60_000;

/** Begins now, and looks again every hour. */
export function startRetention(options: RetentionOptions): { stop(): Promise<void> } {
  let forgetting = forget(options);
  const timer = setInterval(() => {
    forgetting = forget(options);
  }, EVERY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await forgetting;
    },
  };
}

async function forget({
  database,
  keptImages,
  inspectionDays = INSPECTION_DAYS,
  auditDays = AUDIT_DAYS,
  batchDays,
}: RetentionOptions): Promise<void> {
  const before = (days: number) => new Date(Date.now() - days * DAY_MS);
  try {
    await database.inspections.removeBefore(before(inspectionDays));
    await keptImages.trimAll();
    await database.batches.removeBefore(before(batchDays));
    await database.audit.removeBefore(before(auditDays));
    await database.drift.removeEventsBefore(before(auditDays));
    await database.webhooks.removeBefore(before(MESSAGE_DAYS));
    await database.sessions.removeExpired();
    await database.idempotency.removeBefore(before(KEY_DAYS));
  } catch (error) {
    // The next time comes.
    if (!isDatabaseAway(error)) console.error('What is old could not be removed:', error);
  }
}
