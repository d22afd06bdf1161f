/** @file Who takes jobs: trainers, and API processes for batches; those that are, or were, at work. Times are the database's alone: clocks of hosts are never compared. */
import { TRAINER_LOST_MS, type TrainerStatus } from '@plumbline/contracts';
import type { Client } from './client.ts';
import { isGone, isSilent, type RegisteredTrainer } from './lost-trainers.ts';

export interface NewTrainer {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly kind?: 'trainer' | 'api';
}

export class TrainerRepository {
  readonly #client: Client;
  readonly #registered = new Map<string, Omit<NewTrainer, 'id'>>();

  constructor(client: Client) {
    this.#client = client;
  }

  async register({ id, ...trainer }: NewTrainer): Promise<void> {
    const { host, pid, kind = 'trainer' } = trainer;
    this.#registered.set(id, trainer);
    await this.#client.$executeRaw`
      INSERT INTO "Trainer" (id, kind, host, pid, "workerIds") VALUES (${id}, ${kind}, ${host}, ${pid}, '{}')
      ON CONFLICT (id) DO UPDATE SET host = excluded.host, pid = excluded.pid,
        "workerIds" = excluded."workerIds", "startedAt" = now(), "heartbeatAt" = now()`;
  }

  /** Says that a trainer lives; one that was given up for lost (this machine slept) is then registered again. */
  async heartbeat(id: string): Promise<void> {
    const known = await this.#client
      .$executeRaw`UPDATE "Trainer" SET "heartbeatAt" = now() WHERE id = ${id}`;
    const registered = this.#registered.get(id);
    if (known === 0 && registered !== undefined) await this.register({ id, ...registered });
  }

  /** Those that train. */
  async list(): Promise<TrainerStatus[]> {
    const rows = await this.#client.$queryRawUnsafe<(Row & { isSilent: boolean })[]>(
      `SELECT id, host, pid, "startedAt", "heartbeatAt", ${isSilent('$1')} AS "isSilent"
       FROM "Trainer" WHERE kind = 'trainer' ORDER BY "startedAt"`,
      TRAINER_LOST_MS,
    );
    return rows.map(({ isSilent, startedAt, heartbeatAt, ...row }) => ({
      ...row,
      startedAt: startedAt.toISOString(),
      heartbeatAt: heartbeatAt.toISOString(),
      alive: !isSilent && !isGone(row),
    }));
  }

  async remove(id: string): Promise<void> {
    this.#registered.delete(id);
    await this.#client.trainer.deleteMany({ where: { id } });
  }
}

interface Row extends RegisteredTrainer {
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
}
