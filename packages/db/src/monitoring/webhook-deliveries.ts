/** @file Messages to the webhook's address: written with what they tell of, and sent by whoever takes their job. */
import { randomUUID } from 'node:crypto';
import { type ErrorBody, toErrorBody } from '@plumbline/contracts';
import { type Client, notFound, type Transaction, toJson } from '../client.ts';
import { type Attempt, assertHeld, heldBy } from '../jobs/attempt.ts';
import { addJob, jobPayload } from '../jobs/job-payload.ts';
import { ACTIVE, type JobRows, type Retry } from '../jobs/job-rows.ts';

/** Before the second, third, … attempt: a receiver that is restarted takes a minute, one that is mended a day. */
const RETRY_DELAYS_MS: readonly number[] = [
  5_000,
  30_000,
  300_000,
  3_600_000,
  6 * 3_600_000,
  86_400_000,
];

export const webhookPayload = jobPayload('webhook', 'deliveryId');

/** In the transaction that writes what it tells of. @param body made with its id */
export async function queueWebhook(tx: Transaction, toBody: (id: string) => object): Promise<void> {
  const id = randomUUID();
  await tx.webhookDelivery.create({ data: { id, body: JSON.stringify(toBody(id)) } });
  await addJob(tx, webhookPayload, id);
}

export class WebhookDeliveries implements JobRows {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** With the text that is sent. */
  async get(id: string): Promise<{ readonly status: string; readonly body: string }> {
    const row = await this.#client.webhookDelivery.findUnique({ where: { id } });
    if (row === null) throw notFound('webhook delivery', id, 'It was sent long ago.');
    return row;
  }

  async take(id: string): Promise<Attempt | null> {
    const where = { id, status: { in: ACTIVE } };
    const data = { status: 'running', attempts: { increment: 1 } };
    const [taken] = await this.#client.webhookDelivery.updateManyAndReturn({ where, data });
    return taken === undefined ? null : { id, number: taken.attempts };
  }

  async succeed(attempt: Attempt): Promise<void> {
    const data = { status: 'succeeded', finishedAt: new Date() };
    assertHeld(
      attempt,
      await this.#client.webhookDelivery.updateMany({ where: heldBy(attempt), data }),
    );
  }

  async release(attempt: Attempt): Promise<void> {
    const data = { status: 'queued', attempts: { decrement: 1 } };
    await this.#client.webhookDelivery.updateMany({ where: heldBy(attempt), data });
  }

  async fail(attempt: Attempt, error: ErrorBody): Promise<void> {
    const data = { status: 'failed', error: toJson(error), finishedAt: new Date() };
    assertHeld(
      attempt,
      await this.#client.webhookDelivery.updateMany({ where: heldBy(attempt), data }),
    );
  }

  async retryLater(attempt: Attempt, thrown: unknown, { delaysMs }: Retry): Promise<void> {
    const delayMs = (delaysMs ?? RETRY_DELAYS_MS)[attempt.number - 1];
    const error = toErrorBody(thrown);
    if (delayMs === undefined) return this.fail(attempt, error);
    await this.#client.$transaction(async (tx) => {
      const data = { status: 'queued', error: toJson(error) };
      assertHeld(attempt, await tx.webhookDelivery.updateMany({ where: heldBy(attempt), data }));
      await addJob(tx, webhookPayload, attempt.id, delayMs);
    });
  }

  /** Removes those that are older, sent or not. */
  async removeBefore(oldest: Date): Promise<void> {
    await this.#client.webhookDelivery.deleteMany({ where: { createdAt: { lt: oldest } } });
  }
}
