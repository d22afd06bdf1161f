/** @file Writes a run's progress to the database: often enough to watch, seldom enough not to slow it. */
import type { LossPoint, RunStage } from '@plumbline/contracts';
import type { Database } from '@plumbline/db';

const WRITE_EVERY_MS = 400;

/** Share of a whole run at which each stage begins. */
const STAGE_START: Readonly<Record<Exclude<RunStage, 'queued'>, number>> = {
  features: 0,
  fit: 0.12,
  export: 0.8,
  evaluate: 0.82,
  publish: 0.98,
  done: 1,
};
const STAGES = ['features', 'fit', 'export', 'evaluate', 'publish', 'done'] as const;
type Stage = (typeof STAGES)[number];

export class RunReporter {
  readonly #database: Database;
  readonly #runId: string;
  readonly #startedAt = Date.now();
  #stage: Stage = 'features';
  #stageStartedAt = Date.now();
  #writtenAt = 0;
  #losses: LossPoint[] = [];

  constructor(database: Database, runId: string) {
    this.#database = database;
    this.#runId = runId;
  }

  get elapsedSeconds(): number {
    return (Date.now() - this.#startedAt) / 1000;
  }

  async begin(stage: Stage, message: string): Promise<void> {
    this.#stage = stage;
    this.#stageStartedAt = Date.now();
    await this.#write(0, message);
    await this.#database.runs.log(this.#runId, 'info', message);
  }

  /** @param fraction Of the stage, 0 to 1. */
  async progress(fraction: number, message: string): Promise<void> {
    if (Date.now() - this.#writtenAt >= WRITE_EVERY_MS) await this.#write(fraction, message);
  }

  addLoss(point: LossPoint): void {
    this.#losses.push(point);
  }

  async warn(text: string): Promise<void> {
    await this.#database.runs.log(this.#runId, 'warning', text);
  }

  async flush(): Promise<void> {
    const points = this.#losses;
    this.#losses = [];
    await this.#database.runs.addLosses(this.#runId, points);
  }

  async #write(fraction: number, message: string): Promise<void> {
    this.#writtenAt = Date.now();
    const start = STAGE_START[this.#stage];
    const end = STAGE_START[STAGES[STAGES.indexOf(this.#stage) + 1] ?? 'done'];
    const progress = start + (end - start) * fraction;
    await this.flush();
    await this.#database.runs.update(this.#runId, {
      stage: this.#stage,
      progress,
      message,
      etaSeconds: this.#eta(fraction, start, end, progress),
    });
  }

  /** From the pace of this stage when it has one, scaled to what is left of the run. */
  #eta(fraction: number, start: number, end: number, progress: number): number | null {
    const inStage = (Date.now() - this.#stageStartedAt) / 1000;
    if (fraction < 0.02 || inStage < 1) return null;
    const secondsPerShare = inStage / ((end - start) * fraction);
    return Math.round(secondsPerShare * (1 - progress));
  }
}
