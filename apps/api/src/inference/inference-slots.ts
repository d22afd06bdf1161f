/**
 * @file The children of the inference pool, one per model version in use. Promoted versions keep theirs; the others share
 * the places that remain, and end when nobody has asked for them for a while.
 */
import { totalmem } from 'node:os';
import type { Bundle } from '@plumbline/data';
import type { InferenceHost } from '@plumbline/runtime';
import type { SpreadHosts } from './spread-hosts.ts';

/** `promoted`: it answers for its model. `replaced`: it did until a moment ago. */
export type Standing = 'promoted' | 'replaced' | 'other';

export interface Slot {
  /** What its children load. */
  readonly bundle: Bundle;
  readonly host: Promise<InferenceHost>;
  /** For when several images come at once. */
  readonly spread: SpreadHosts;
  /** The host once it is there. */
  loaded: InferenceHost | null;
  /** Whether its version answers for its model: then the child stays. */
  isPromoted: boolean;
  /** Images that are waited for. */
  active: number;
  /** Order of use. */
  usedAt: number;
  /** How long it stays without an image when it is not promoted. */
  idleMs: number;
  idleTimer: NodeJS.Timeout | undefined;
  /** Set once no new image goes to it: called when the last answer is out. */
  onIdle: (() => void) | null;
}

/** What a slot is made of. */
export interface NewSlot {
  readonly start: () => Promise<InferenceHost>;
  readonly spread: SpreadHosts;
  readonly bundle: Bundle;
}

/** An unpromoted version's child ends after this long without an image. */
const IDLE_MS = 5 * 60_000;
/**
 * A version that another took the place of: whoever found it just before still asks its child, and if it is taken back within
 * this time, nothing has to be loaded.
 */
const RETIRED_MS = 60_000;

/** What a child may take with its graph and a large image. */
const CHILD_BYTES = 512 * 2 ** 20;
/** Of the machine's memory; training needs the rest. */
const MEMORY_SHARE = 0.25;

/** How many children fit a quarter of the memory that this process may use, 3 to 32. */
export function defaultCapacity(memoryBytes = usableMemory()): number {
  return Math.min(32, Math.max(3, Math.floor((memoryBytes * MEMORY_SHARE) / CHILD_BYTES)));
}

/** A container's limit where there is one. */
function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

export class InferenceSlots {
  readonly #slots = new Map<string, Slot>();
  readonly #ending = new Set<Promise<void>>();
  readonly #capacity: number;
  readonly #retiredMs: number;
  #clock = 0;

  constructor(capacity: number, retiredMs = RETIRED_MS) {
    this.#capacity = capacity;
    this.#retiredMs = retiredMs;
  }

  /** Children at once. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Whether so many further children fit. */
  hasRoom(more: number): boolean {
    return this.#children + more <= this.#capacity;
  }

  /** The same, after further children of versions that nobody holds have made room. */
  makeRoomFor(more: number): boolean {
    if (this.hasRoom(more)) return true;
    for (const slot of this.#slots.values()) {
      if (!slot.isPromoted) this.#track(slot.spread.end());
    }
    return this.hasRoom(more);
  }

  entries(): [string, Slot][] {
    return [...this.#slots];
  }

  /** The slot of a version, if its child is alive or on its way. */
  find(key: string): Slot | undefined {
    const slot = this.#slots.get(key);
    return slot?.loaded?.isAlive === false ? undefined : slot;
  }

  /** A slot for a version that has none, after making room for it. */
  add(key: string, standing: Standing, { start, spread, bundle }: NewSlot): Slot {
    this.release(key);
    this.#makeRoom(standing === 'promoted');
    const slot: Slot = {
      bundle,
      host: start(),
      spread,
      loaded: null,
      isPromoted: standing === 'promoted',
      active: 0,
      usedAt: 0,
      idleMs: standing === 'replaced' ? this.#retiredMs : IDLE_MS,
      idleTimer: undefined,
      onIdle: null,
    };
    this.#slots.set(key, slot);
    slot.host.then(
      (host) => {
        slot.loaded = host;
      },
      // Whoever waits for it gets the error; the next image tries again.
      () => {
        if (this.#slots.get(key) === slot) this.#slots.delete(key);
      },
    );
    return slot;
  }

  enter(slot: Slot): void {
    slot.active += 1;
    this.#clock += 1;
    slot.usedAt = this.#clock;
    clearTimeout(slot.idleTimer);
  }

  leave(key: string, slot: Slot): void {
    slot.active -= 1;
    if (slot.active > 0) return;
    slot.onIdle?.();
    this.#endWhenIdle(key, slot);
  }

  /** Another version took the place of this one. */
  retire(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    slot.isPromoted = false;
    slot.idleMs = this.#retiredMs;
    if (slot.active === 0) this.#endWhenIdle(key, slot);
  }

  /** Ends the child of a version once the images it has are answered. */
  release(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    this.#track(drain(slot));
  }

  /** Ends all children, with whatever they have. */
  async stop(): Promise<void> {
    for (const slot of this.#slots.values()) this.#track(endHost(slot));
    this.#slots.clear();
    await Promise.all(this.#ending);
  }

  get #children(): number {
    return [...this.#slots.values()].reduce((sum, slot) => sum + 1 + slot.spread.size, 0);
  }

  #track(ending: Promise<void>): void {
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }

  #endWhenIdle(key: string, slot: Slot): void {
    clearTimeout(slot.idleTimer);
    if (slot.isPromoted || this.#slots.get(key) !== slot) return;
    slot.idleTimer = setTimeout(() => {
      if (this.#slots.get(key) === slot && !slot.isPromoted) this.release(key);
    }, slot.idleMs).unref();
  }

  /** An unpromoted version never costs a promoted one its child: where all are promoted, it gets one place beyond them. */
  #makeRoom(isPromoted: boolean): void {
    for (const slot of this.#slots.values()) {
      if (!this.hasRoom(1)) this.#track(slot.spread.end());
    }
    while (this.#slots.size >= this.#capacity) {
      const oldest = [...this.#slots].sort(([, a], [, b]) => a.usedAt - b.usedAt);
      const leaving =
        oldest.find(([, slot]) => !slot.isPromoted) ?? (isPromoted ? oldest[0] : null);
      if (!leaving) return;
      this.release(leaving[0]);
    }
  }
}

async function drain(slot: Slot): Promise<void> {
  clearTimeout(slot.idleTimer);
  if (slot.active > 0) {
    await new Promise<void>((resolve) => {
      slot.onIdle = resolve;
    });
  }
  await endHost(slot);
}

async function endHost(slot: Slot): Promise<void> {
  const host = slot.host.then(
    (loaded) => loaded.stop(),
    () => undefined,
  );
  await Promise.all([host, slot.spread.stop()]);
}
