/** @file Trainers that are, or were, at work. Times are the database's alone: clocks of hosts are never compared. */
import { TRAINER_LOST_MS, type TrainerStatus } from '@plumbline/contracts';
import type { Client } from './client.ts';
import { isGone, isSilent, type RegisteredTrainer } from './lost-trainers.ts';

export class TrainerRepository {
  readonly #client: Client;
  readonly #registered = new Map<string, { host: string; pid: number }>();

  constructor(client: Client) {
    this.#client = client;
  }

  async register(trainer: { id: string; host: string; pid: number }): Promise<void> {
    const { id, host, pid } = trainer;
    this.#registered.set(id, { host, pid });
    await this.#client.$executeRaw`
      INSERT INTO "Trainer" (id, host, pid, "workerIds") VALUES (${id}, ${host}, ${pid}, '{}')
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

  async list(): Promise<TrainerStatus[]> {
    const rows = await this.#client.$queryRawUnsafe<(Row & { isSilent: boolean })[]>(
      `SELECT id, host, pid, "startedAt", "heartbeatAt", ${isSilent('$1')} AS "isSilent"
       FROM "Trainer" ORDER BY "startedAt"`,
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
