/** @file Sends one message to the webhook's address, signed as Standard Webhooks (https://www.standardwebhooks.com) has it. */
import { createHmac } from 'node:crypto';
import { DomainError, type Webhook } from '@plumbline/contracts';
import type { Attempt, Database } from '@plumbline/db';

const TIMEOUT_MS = 10_000;

export interface WebhookJob {
  readonly database: Pick<Database, 'webhooks'>;
  /** Null where the trainer was not told an address. */
  readonly webhook: Webhook | null;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

/** @throws DomainError UNAVAILABLE where it was not taken: it is sent again later */
export async function sendWebhook({
  database,
  webhook,
  attempt,
  signal,
}: WebhookJob): Promise<void> {
  const { body } = await database.webhooks.get(attempt.id);
  if (webhook === null)
    throw new DomainError('INVALID_INPUT', 'The trainer does not know PLUMBLINE_WEBHOOK_URL.', {
      field: 'PLUMBLINE_WEBHOOK_URL',
      fix: 'Set it for the trainers as well as for the API.',
    });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const response = await fetch(webhook.url, {
    method: 'POST',
    // A redirect would send the message where nobody said.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    headers: {
      'content-type': 'application/json',
      'webhook-id': attempt.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureOf(webhook, attempt.id, timestamp, body),
    },
    body,
  });
  await response.body?.cancel();
  if (!response.ok)
    throw new DomainError('UNAVAILABLE', `The webhook's receiver answered ${response.status}.`, {
      fix: 'See why it does not take the message; it is sent again for a day.',
    });
  await database.webhooks.succeed(attempt);
}

function signatureOf({ secret }: Webhook, id: string, timestamp: string, body: string): string {
  const digest = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return `v1,${digest}`;
}
