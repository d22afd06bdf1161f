/** @file Where a run is in its plan, how long the rest takes, and what each part took: for the estimates of later runs. */
import {
  estimateRun,
  type Pace,
  type PartDone,
  type PartTiming,
  type RunEstimate,
  type RunPart,
  streamedParts,
  type TimeLeft,
  timeLeft,
} from '@plumbline/contracts';

type Stage = RunPart['stage'];

/** What was done in less than this share of the time that it takes was not done here. */
const TOO_QUICK = 0.25;

/** What a part has told of itself, in shares of its work. */
interface Heard {
  /** That was done before it began here. */
  readonly begunAt: number;
  readonly first: number;
  /** Seconds into the part. */
  readonly firstAfter: number;
  readonly last: number;
}

export class RunClock {
  readonly #startedAt = Date.now();
  readonly #watched: Omit<PartTiming, 'runId'>[] = [];
  readonly #taken: (PartDone | null)[] = [];
  #parts: readonly RunPart[] = [];
  #estimate: RunEstimate['parts'] = [];
  #stage: Stage = 'features';
  /** Index in the plan; -1 before there is one. */
  #current = -1;
  #partStartedAt = Date.now();
  /** Null when it has told nothing. */
  #heard: Heard | null = null;
  #estimateOf: (parts: readonly RunPart[]) => RunEstimate['parts'] = () => [];
  /** Whether what goes on is in the plan. */
  #isPlanned = true;

  get elapsedSeconds(): number {
    return (Date.now() - this.#startedAt) / 1000;
  }

  /** What the run is made of, once that is known; its first part has been going on since the beginning. */
  plan(parts: readonly RunPart[], timings: readonly PartTiming[], speed: number): void {
    this.#estimateOf = (planned) => estimateRun(planned, timings, speed).parts;
    this.#take(parts);
    this.#current = parts.length === 0 ? -1 : 0;
    this.#partStartedAt = this.#startedAt;
    this.#heard = null;
  }

  /** Features are computed as they are read, which was not planned. */
  streams(): void {
    this.#take(streamedParts(this.#parts));
  }

  #take(parts: readonly RunPart[]): void {
    this.#parts = parts;
    this.#estimate = this.#estimateOf(parts);
  }

  /** Units of a part as planned; null when it is not in the plan. */
  unitsOf(name: string): number | null {
    return this.#parts.find(({ part }) => part === name)?.units ?? null;
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
    const first = { first: last, firstAfter: this.#secondsInPart };
    this.#heard = { ...(this.#heard ?? { begunAt: this.#begunAt(last), ...first }), last };
  }

  /** By the first that is heard: all of it, if so much can't have been done since the part began. */
  #begunAt(first: number): number {
    const estimated = this.#estimate[this.#current]?.seconds ?? 0;
    return this.#secondsInPart < TOO_QUICK * first * estimated ? first : 0;
  }

  get #secondsInPart(): number {
    return (Date.now() - this.#partStartedAt) / 1000;
  }

  /** Null before there is a plan. */
  timeLeft(): TimeLeft | null {
    if (this.#current < 0) return null;
    return timeLeft({
      parts: this.#estimate,
      current: this.#current,
      fraction: this.#heard?.last ?? 0,
      begunAt: this.#heard?.begunAt ?? 0,
      secondsInPart: this.#secondsInPart,
      pace: paceOf(this.#heard, this.#secondsInPart),
      taken: Array.from(this.#taken, (done) => done ?? null),
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
      const seconds = this.#secondsInPart;
      const share = shareDone(this.#heard, part);
      this.#taken[this.#current] = share === null ? null : { seconds, share };
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

function paceOf(heard: Heard | null, secondsInPart: number): Pace | null {
  if (heard === null || heard.last <= heard.first) return null;
  return { seconds: secondsInPart - heard.firstAfter, share: heard.last - heard.first };
}

/**
 * Share of a part's work that was done here; null for none: its features were in the cache, or its steps in a checkpoint.
 * Those two tell what they do; of others that tell nothing all was done.
 */
function shareDone(heard: Heard | null, { stage, part }: RunPart): number | null {
  const tells = stage === 'fit' || part === 'features';
  if (heard === null) return tells ? null : 1;
  // A fit may have stopped early; others are through when the next part begins.
  return tells ? heard.last - heard.begunAt || null : 1;
}
