/**
 * @file Writes a run's progress to the database: often enough to watch, seldom enough not to slow it. A report that fails
 * ends no training: losses and log lines are kept for the next one, progress is out of date by then. One that is refused
 * does: the run is another attempt's.
 */
import type { LossPoint, PartTiming, RunLogLine, RunPart } from '@plumbline/contracts';
import {
  type Attempt,
  type Database,
  outlastDatabase,
  type Patience,
  SupersededError,
} from '@plumbline/db';
import { RunClock } from './run-clock.ts';

const WRITE_EVERY_MS = 400;
/** Kept while the database is away; older ones go first. */
const KEPT_LINES = 1_000;
const KEPT_LOSSES = 100_000;

type Stage = RunPart['stage'];

export class RunReporter {
  readonly #database: Database;
  readonly #attempt: Attempt;
  readonly #clock = new RunClock();
  #stage: Stage = 'features';
  #progress = 0;
  #writtenAt = 0;
  #isBroken = false;
  #losses: LossPoint[] = [];
  #lines: Pick<RunLogLine, 'severity' | 'text'>[] = [];
  /** Ends when what was being written is written, or isn't. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(database: Database, attempt: Attempt) {
    this.#database = database;
    this.#attempt = attempt;
  }

  get elapsedSeconds(): number {
    return this.#clock.elapsedSeconds;
  }

  /** What the run is made of, once that is known; nothing is said of the time left before. */
  plan(parts: readonly RunPart[], timings: readonly PartTiming[], speed: number): void {
    this.#clock.plan(parts, timings, speed);
  }

  /** @param part Of the stage; its first one when absent. */
  async begin(stage: Stage, message: string, part?: string): Promise<void> {
    this.#stage = stage;
    this.#clock.begin(stage, part);
    await this.#write(message);
    await this.log(message);
  }

  /** The next part of the stage; does nothing while it goes on. */
  part(name: string): void {
    this.#clock.part(name);
  }

  /** Features are computed as they are read, which was not planned. */
  streams(): void {
    this.#clock.streams();
  }

  /** Units of a part as planned; null when it is not in the plan. */
  unitsOf(part: string): number | null {
    return this.#clock.unitsOf(part);
  }

  /** @param fraction Of the part, 0 to 1. */
  async progress(fraction: number, message: string): Promise<void> {
    this.#clock.hear(fraction);
    if (Date.now() - this.#writtenAt >= WRITE_EVERY_MS) await this.#write(message);
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
    await this.#try(() => this.#writeGathered());
  }

  /**
   * Writes what has gathered, and waits for a database that is away: losses of a run that has ended are refused.
   * @throws DomainError UNAVAILABLE as `outlastDatabase`
   */
  flushBeforeEnd(patience: Patience): Promise<void> {
    return outlastDatabase(() => this.#writeGathered(), patience);
  }

  /** One at a time: of two that write the same points, the later one would drop points that came in between. */
  #writeGathered(): Promise<void> {
    const written = this.#writing.then(() => this.#writeNow());
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #writeNow(): Promise<void> {
    try {
      const points = [...this.#losses];
      await this.#database.attempts.addLosses(this.#attempt, points);
      this.#losses = this.#losses.slice(points.length);
      for (let line = this.#lines[0]; line !== undefined; line = this.#lines[0]) {
        await this.#database.attempts.log(this.#attempt, line.severity, line.text);
        this.#lines.shift();
      }
    } finally {
      this.#losses = this.#losses.slice(-KEPT_LOSSES);
      this.#lines = this.#lines.slice(-KEPT_LINES);
    }
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
      if (error instanceof SupersededError) throw error;
      // Once: while the database is away this goes on twice a second.
      if (!this.#isBroken) console.error('Reports of the run are not written:', error);
      this.#isBroken = true;
    }
  }

  /** Keeps what the parts took, when the run is done: it is none the worse without. */
  async keepTimings(where: { readonly host: string; readonly provider: string }): Promise<void> {
    const parts = this.#clock.finish();
    await this.#try(() => this.#database.attempts.addTimings(this.#attempt, where, parts));
  }

  async #write(message: string): Promise<void> {
    this.#writtenAt = Date.now();
    const left = this.#clock.timeLeft();
    // A part that stopped early or was found in a cache makes it jump ahead, never back.
    this.#progress = Math.max(this.#progress, left?.progress ?? 0);
    await this.flush();
    await this.#try(() =>
      this.#database.attempts.update(this.#attempt, {
        stage: this.#stage,
        progress: this.#progress,
        message,
        etaSeconds: left === null ? null : Math.round(left.seconds),
      }),
    );
  }
}
