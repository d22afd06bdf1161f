/** @file Where a run is in its plan, how long the rest takes, and what each part took: for the estimates of later runs. */
import {
  estimateRun,
  type PartTiming,
  type RunEstimate,
  type RunPart,
  type TimeLeft,
  timeLeft,
} from '@plumbline/contracts';

type Stage = RunPart['stage'];

export class RunClock {
  readonly #startedAt = Date.now();
  readonly #watched: Omit<PartTiming, 'runId'>[] = [];
  readonly #taken: (number | null)[] = [];
  #parts: readonly RunPart[] = [];
  #estimate: RunEstimate['parts'] = [];
  #stage: Stage = 'features';
  /** Index in the plan; -1 before there is one. */
  #current = -1;
  #partStartedAt = Date.now();
  /** First and last fraction heard of the part; null when it tells nothing. */
  #heard: { first: number; last: number } | null = null;
  /** Whether what goes on is in the plan. */
  #isPlanned = true;

  get elapsedSeconds(): number {
    return (Date.now() - this.#startedAt) / 1000;
  }

  /** What the run is made of, once that is known; its first part has been going on since the beginning. */
  plan(parts: readonly RunPart[], timings: readonly PartTiming[], speed: number): void {
    this.#parts = parts;
    this.#estimate = estimateRun(parts, timings, speed).parts;
    this.#current = parts.length === 0 ? -1 : 0;
    this.#partStartedAt = this.#startedAt;
    this.#heard = null;
  }

  /** @param part Of the stage; its first one when absent. */
  begin(stage: Stage, part?: string): void {
    this.#stage = stage;
    this.#isPlanned = true;
    const next = this.#parts.findIndex(
      (one) => one.stage === stage && (part ?? one.part) === one.part,
    );
    if (next >= 0 && next !== this.#current) this.#moveTo(next);
  }

  /** The next part of the stage; one that is not in the plan is taken for the end of the one before it. */
  part(name: string): void {
    this.#isPlanned = this.#parts[this.#current]?.part === name;
    if (this.#isPlanned) return;
    const next = this.#parts.findIndex(({ stage, part }) => stage === this.#stage && part === name);
    this.#isPlanned = next >= 0;
    if (this.#isPlanned) this.#moveTo(next);
  }

  /** @param ofPart Share of the part that is done, 0 to 1. */
  hear(ofPart: number): void {
    const last = this.#isPlanned ? ofPart : 1;
    this.#heard = { first: this.#heard?.first ?? last, last };
  }

  /** Null before there is a plan. */
  timeLeft(): TimeLeft | null {
    if (this.#current < 0) return null;
    return timeLeft({
      parts: this.#estimate,
      current: this.#current,
      fraction: this.#heard?.last ?? 0,
      secondsInPart: (Date.now() - this.#partStartedAt) / 1000,
      taken: Array.from(this.#taken, (seconds) => seconds ?? null),
    });
  }

  /** Ends the last part. @returns What every part took that was worked on. */
  finish(): readonly Omit<PartTiming, 'runId'>[] {
    this.#moveTo(-1);
    return this.#watched;
  }

  /** Ends the current part. @param next Index of the one that begins. */
  #moveTo(next: number): void {
    const part = this.#parts[this.#current];
    if (part !== undefined) {
      const seconds = (Date.now() - this.#partStartedAt) / 1000;
      const share = shareDone(this.#heard, part);
      this.#taken[this.#current] = share === 1 ? seconds : null;
      if (share !== null) {
        this.#watched.push({
          ...{ key: part.key, seconds, units: part.units * share },
          expectedSeconds: part.expectedSeconds * share,
        });
      }
    }
    this.#current = next;
    this.#partStartedAt = Date.now();
    this.#heard = null;
  }
}

/** Share of a part's work that was done here; null for none: its features were in the cache. */
function shareDone(
  heard: { readonly first: number; readonly last: number } | null,
  { stage, part }: RunPart,
): number | null {
  if (part === 'features') return heard === null ? null : heard.last - heard.first || null;
  // It may have stopped early.
  return stage === 'fit' && heard !== null ? heard.last || null : 1;
}
