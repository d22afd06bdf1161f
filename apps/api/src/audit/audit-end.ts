/** @file How a change ended, in the words of the audit log. */
import type { AuditEnd } from '@plumbline/db';
import { describeError } from '../errors/describe-error.ts';

/** @param error null when there was none */
export function endOf(error: unknown): AuditEnd {
  if (error === null) return { outcome: 'done', message: null };
  const { code, message } = describeError(error);
  return { outcome: code === 'FORBIDDEN' ? 'refused' : 'failed', message };
}

/** Of an answer that another library has written. */
export function endOfStatus(status: number): AuditEnd {
  if (status < 400) return { outcome: 'done', message: null };
  return { outcome: 'failed', message: `It was answered with status ${status}.` };
}
