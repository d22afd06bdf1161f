/**
 * @file Writes a run's progress to the database: often enough to watch, seldom enough not to slow it. A report that fails
 * ends no training: losses and log lines are kept for the next one, progress is out of date by then.
 */
import type { LossPoint, RunLogLine, RunStage } from '@plumbline/contracts';
import type { Database } from '@plumbline/db';

const WRITE_EVERY_MS = 400;
/** Kept while the database is away; older ones go first. */
const KEPT_LINES = 1_000;
const KEPT_LOSSES = 100_000;

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
  #isBroken = false;
  #losses: LossPoint[] = [];
  #lines: Pick<RunLogLine, 'severity' | 'text'>[] = [];

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
    await this.log(message);
  }

  /** @param fraction Of the stage, 0 to 1. */
  async progress(fraction: number, message: string): Promise<void> {
    if (Date.now() - this.#writtenAt >= WRITE_EVERY_MS) await this.#write(fraction, message);
  }

  addLoss(point: LossPoint): void {
    this.#losses.push(point);
  }

  log(text: string): Promise<void> {
    return this.#addLine({ severity: 'info', text });
  }

  warn(text: string): Promise<void> {
    return this.#addLine({ severity: 'warning', text });
  }

  /** Writes what has gathered; what can't be written is kept. */
  async flush(): Promise<void> {
    await this.#try(async () => {
      const points = [...this.#losses];
      await this.#database.runs.addLosses(this.#runId, points);
      this.#losses = this.#losses.slice(points.length);
      for (let line = this.#lines[0]; line !== undefined; line = this.#lines[0]) {
        await this.#database.runs.log(this.#runId, line.severity, line.text);
        this.#lines.shift();
      }
    });
    this.#losses = this.#losses.slice(-KEPT_LOSSES);
    this.#lines = this.#lines.slice(-KEPT_LINES);
  }

  async #addLine(line: Pick<RunLogLine, 'severity' | 'text'>): Promise<void> {
    this.#lines.push(line);
    await this.flush();
  }

  async #try(report: () => Promise<void>): Promise<void> {
    try {
      await report();
      this.#isBroken = false;
    } catch (error) {
      // Once: while the database is away this goes on twice a second.
      if (!this.#isBroken) console.error('Reports of the run are not written:', error);
      this.#isBroken = true;
    }
  }

  async #write(fraction: number, message: string): Promise<void> {
    this.#writtenAt = Date.now();
    const start = STAGE_START[this.#stage];
    const end = STAGE_START[STAGES[STAGES.indexOf(this.#stage) + 1] ?? 'done'];
    const progress = start + (end - start) * fraction;
    await this.flush();
    const etaSeconds = this.#eta(fraction, start, end, progress);
    await this.#try(() =>
      this.#database.runs.update(this.#runId, {
        stage: this.#stage,
        progress,
        message,
        etaSeconds,
      }),
    );
  }

  /** From the pace of this stage when it has one, scaled to what is left of the run. */
  #eta(fraction: number, start: number, end: number, progress: number): number | null {
    const inStage = (Date.now() - this.#stageStartedAt) / 1000;
    if (fraction < 0.02 || inStage < 1) return null;
    const secondsPerShare = inStage / ((end - start) * fraction);
    return Math.round(secondsPerShare * (1 - progress));
  }
}
