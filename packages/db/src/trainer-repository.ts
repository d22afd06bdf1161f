/** @file Trainers that are, or were, at work. */
import { hostname } from 'node:os';
import { TRAINER_LOST_MS, type TrainerStatus } from '@plumbline/contracts';
import type { Client } from './client.ts';

export interface RegisteredTrainer {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly heartbeatAt: Date;
}

export class TrainerRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async register(trainer: { id: string; host: string; pid: number }): Promise<void> {
    await this.#client.trainer.create({ data: { ...trainer, workerIds: [] } });
  }

  async heartbeat(id: string): Promise<void> {
    await this.#client.trainer.updateMany({ where: { id }, data: { heartbeatAt: new Date() } });
  }

  async list(): Promise<TrainerStatus[]> {
    const rows = await this.#client.trainer.findMany({ orderBy: { startedAt: 'asc' } });
    return rows.map((row) => ({
      id: row.id,
      host: row.host,
      pid: row.pid,
      startedAt: row.startedAt.toISOString(),
      heartbeatAt: row.heartbeatAt.toISOString(),
      alive: !isLost(row),
    }));
  }

  async remove(id: string): Promise<void> {
    await this.#client.trainer.deleteMany({ where: { id } });
  }
}

/** Not heard of for too long, or its process on this host is gone. */
export function isLost(trainer: RegisteredTrainer, now = Date.now()): boolean {
  if (now - trainer.heartbeatAt.getTime() > TRAINER_LOST_MS) return true;
  return trainer.host === hostname() && !isProcessAlive(trainer.pid);
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
