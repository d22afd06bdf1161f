/**
 * @file Inspections that are answered and not yet in the database, in files that outlast the process: a kill -9 loses none of them.
 * A line goes to the system's cache of files (10 µs here), not to the disk itself, so that a power failure can lose the last ones.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { predictionSchema } from '@plumbline/contracts';
import { type Database, type InspectionRecord, isProcessAlive } from '@plumbline/db';
import { z } from 'zod';
import type { Warn } from './background-batches.ts';

/** A file is as long as this many inspections, and goes when all of them are in the database. */
const IN_A_FILE = 500;
const AT_ONCE = 1_000;
/** Process ids come again, in containers at once. */
const PROCESS = randomUUID();
const NAME = /^(\d+)\.([0-9a-f-]+)\.\d+\.jsonl$/;

interface Segment {
  readonly path: string;
  readonly file: number;
  count: number;
  settled: number;
}

let segments = 0;

export class InspectionJournal {
  readonly #folder: string;
  readonly #warn: Warn;
  readonly #segments: Segment[] = [];
  #isBroken = false;

  /** @param folder Made when the first inspection comes. */
  constructor(folder: string, warn: Warn) {
    this.#folder = folder;
    this.#warn = warn;
  }

  /** Before it is answered. Where it can't be written, the answer goes out all the same. */
  add(record: InspectionRecord): void {
    this.#try(() => {
      let last = this.#segments.at(-1);
      if (last === undefined || last.count >= IN_A_FILE) last = this.#open();
      // First: what is settled is told by its place, whether it could be written or not.
      last.count += 1;
      // The line begins with its end, in case the one before was cut off by a full disk.
      writeSync(last.file, `\n${JSON.stringify(record, asText)}`);
    });
  }

  /** The first so many of those that were added are in the database, or will never be. */
  settle(count: number): void {
    let left = count;
    while (left > 0) {
      const [first] = this.#segments;
      if (first === undefined) return;
      const taken = Math.min(left, first.count - first.settled);
      first.settled += taken;
      left -= taken;
      if (first.settled < first.count) return;
      if (this.#segments.length > 1) this.#remove(first);
      else {
        first.count = 0;
        first.settled = 0;
        this.#try(() => ftruncateSync(first.file));
        return;
      }
    }
  }

  /** What is not settled stays, for the next process. */
  close(): void {
    for (const segment of [...this.#segments]) {
      if (segment.settled === segment.count) this.#remove(segment);
      else this.#try(() => closeSync(segment.file));
    }
    this.#segments.length = 0;
  }

  #open(): Segment {
    mkdirSync(this.#folder, { recursive: true });
    segments += 1;
    const path = join(this.#folder, `${process.pid}.${PROCESS}.${segments}.jsonl`);
    const segment = { path, file: openSync(path, 'a', 0o600), count: 0, settled: 0 };
    this.#segments.push(segment);
    return segment;
  }

  #remove(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    this.#try(() => {
      closeSync(segment.file);
      unlinkSync(segment.path);
    });
  }

  #try(work: () => void): void {
    try {
      work();
      this.#isBroken = false;
    } catch (error) {
      // Once: a full disk refuses each of them.
      if (!this.#isBroken) this.#warn('Inspections are not safe from a crash of the API:', error);
      this.#isBroken = true;
    }
  }
}

/** JSON has no infinity. */
function asText(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

const float = z.preprocess(
  (value) => (typeof value === 'string' ? Number(value) : value),
  z.custom<number>((value) => typeof value === 'number'),
);
const recordSchema = predictionSchema
  .pick({
    ...{ inspection: true, model: true, modelVersion: true, category: true },
    ...{ categorySource: true, thresholdProfile: true, predictedLabel: true, uncertain: true },
  })
  .extend({
    ...{ at: z.coerce.date(), imageScore: float, threshold: float, latencyMs: float },
    look: z.object({
      ...{ width: z.number(), height: z.number(), brightness: float, sharpness: float },
    }),
  });

/**
 * Brings what processes that are gone have left into the database; one that is there already stays as it is.
 * @returns How many there were in the files.
 */
export async function recoverInspections(
  folder: string,
  { inspections }: Pick<Database, 'inspections'>,
): Promise<number> {
  let found = 0;
  for (const name of await readdir(folder).catch((): string[] => [])) {
    if (!isLeft(name)) continue;
    const path = join(folder, name);
    const records = recordsIn(await readFile(path, 'utf8'));
    for (let from = 0; from < records.length; from += AT_ONCE)
      await inspections.record(records.slice(from, from + AT_ONCE));
    await unlink(path);
    found += records.length;
  }
  return found;
}

function isLeft(name: string): boolean {
  const [, pid, owner] = NAME.exec(name) ?? [];
  if (pid === undefined || owner === PROCESS) return false;
  return Number(pid) === process.pid || !isProcessAlive(Number(pid));
}

/** Without what was cut off. */
function recordsIn(text: string): InspectionRecord[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [recordSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
