/** @file Trainers that are, or were, at work. */
import { readFileSync } from 'node:fs';
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
  readonly #registered = new Map<string, { host: string; pid: number }>();

  constructor(client: Client) {
    this.#client = client;
  }

  async register(trainer: { id: string; host: string; pid: number }): Promise<void> {
    const { id, host, pid } = trainer;
    this.#registered.set(id, { host, pid });
    const now = new Date();
    await this.#client.trainer.upsert({
      where: { id },
      create: { id, host, pid, workerIds: [] },
      update: { host, pid, workerIds: [], startedAt: now, heartbeatAt: now },
    });
  }

  /** Says that a trainer lives; one that was given up for lost (this machine slept) is then registered again. */
  async heartbeat(id: string): Promise<void> {
    const data = { heartbeatAt: new Date() };
    const known = await this.#client.trainer.updateMany({ where: { id }, data });
    const registered = this.#registered.get(id);
    if (known.count === 0 && registered !== undefined) await this.register({ id, ...registered });
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
    this.#registered.delete(id);
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
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Killed, but not yet reaped: it still has a process id and will never do anything again. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}
