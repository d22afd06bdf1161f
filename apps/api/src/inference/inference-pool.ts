/**
 * @file Scores images in one child process per model version in use. A child that is killed or stops costs its images no
 * failure: they go to the next child, the one that it was computing once.
 */
import { availableParallelism } from 'node:os';
import { DomainError, ignoreNumber } from '@plumbline/contracts';
import {
  type InferenceHost,
  type InferenceHostOptions,
  type InferenceLimits,
  type InspectedImage,
  type InspectionOutput,
  type InspectionResult,
  type LossCause,
  LostRequest,
  startInferenceHost,
} from '@plumbline/runtime';
import { WorkGate } from '../work-gate.ts';
import { defaultCapacity, InferenceSlots, type Slot, type Standing } from './inference-slots.ts';
import type { ServedModel } from './served-model.ts';
import { SpreadHosts } from './spread-hosts.ts';

/** Small, so that the first real image finds the graph's memory allocated. */
const WARM_UP_IMAGE: InspectedImage = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };

/** Well within the time that copies of files stay. */
const KEEP_EVERY_MS = 4 * 60_000;

/** A child that nobody waits for may wait so long until it is loaded. */
const LOAD_WAIT_MS = 120_000;

/** Children that one image may be handed to, however innocent it is of their ends. */
const MAX_CHILDREN = 4;

export interface InferencePoolOptions {
  /** Children at once; from the machine's memory when absent. */
  readonly capacity?: number | undefined;
  /** Of the processor, for each child; all cores when absent. */
  readonly threads?: number | undefined;
  /** Further children of a promoted version that share its threads while several images are under way; none when absent. */
  readonly spread?: number | undefined;
  readonly limits?: Partial<InferenceLimits> | undefined;
  /** How long a version that another took the place of keeps its children; a minute when absent. */
  readonly retiredMs?: number | undefined;
}

export interface InspectionAsked {
  readonly category: string | null;
  /** Default `map`. */
  readonly output?: InspectionOutput;
}

export class InferencePool {
  readonly #slots: InferenceSlots;
  readonly #host: Pick<InferenceHostOptions, 'threads' | 'limits'>;
  readonly #spread: number;
  readonly #keeping: NodeJS.Timeout;
  /** By who holds it, `name/promoted` or `name/@alias`: the key of the version that answers. */
  readonly #held = new Map<string, string>();
  /** Keys of versions that were deleted. */
  readonly #dropped = new Set<string>();
  readonly #losses: Record<LossCause, number> = { ended: 0, silent: 0, overdue: 0 };
  /** What is loaded before somebody asks for it is loaded one after another: the cores are for those who have asked. */
  readonly #loads = new WorkGate({ places: 1, waitMs: LOAD_WAIT_MS });
  #stopped = false;

  constructor({
    capacity = defaultCapacity(),
    threads = 0,
    spread = 0,
    limits = {},
    retiredMs,
  }: InferencePoolOptions = {}) {
    this.#slots = new InferenceSlots(capacity, retiredMs);
    this.#host = { threads, limits };
    this.#spread = spread;
    this.#keeping = setInterval(() => this.#keepBundles(), KEEP_EVERY_MS).unref();
  }

  get capacity(): number {
    return this.#slots.capacity;
  }

  /** Versions that have children, with how many. */
  loaded(): { readonly model: string; readonly version: string; readonly processes: number }[] {
    return this.#slots.entries().map(([key, { spread }]) => {
      const [model = '', version = ''] = key.slice(0, key.indexOf(' ')).split('/');
      return { model, version, processes: 1 + spread.size };
    });
  }

  /** Images that lost the child that they were handed to, since the start. */
  get losses(): Readonly<Record<LossCause, number>> {
    return { ...this.#losses };
  }

  /** Process ids of the children that take images, by `name/number`. */
  async pids(): Promise<Record<string, number>> {
    const pids: Record<string, number> = {};
    for (const [key, slot] of this.#slots.entries())
      pids[key.slice(0, key.indexOf(' '))] = (await slot.host).pid;
    return pids;
  }

  /** Of the further children that share a version's threads. */
  spreadPids(): number[] {
    return this.#slots.entries().flatMap(([, slot]) => slot.spread.pids);
  }

  /**
   * Scores one image.
   * @param category Its ignore regions are left out; null where it is not known, and for the pooled threshold
   * @throws DomainError UNAVAILABLE when no child gives an answer; the next image starts a new one
   */
  inspect(
    model: ServedModel,
    image: InspectedImage,
    { category, output = 'map' }: InspectionAsked,
  ): Promise<InspectionResult> {
    const { ignore } = model.version.manifest.graph;
    const number = ignore === undefined ? 0 : ignoreNumber(ignore, category);
    return this.#use(model, (host) => host.inspect(image, output, number));
  }

  /** The picture of what a version with a decoder expects. @throws as `inspect` */
  decodeNormal(model: ServedModel, image: InspectedImage): Promise<InspectedImage> {
    return this.#use(model, async (host) =>
      host.decodeNormal(image, await model.bundle.path('normal.onnx')),
    );
  }

  /** Loads a version and runs it once, with as many children as the one has that answers for the holder: the next one is to take its place. */
  async warm(model: ServedModel, holder: string): Promise<void> {
    await this.#loads.run(() => this.inspect(model, WARM_UP_IMAGE, { category: null }));
    const before = this.#slots.find(this.#held.get(holder) ?? '');
    if (before !== undefined && before.spread.size > 0)
      await this.#slots.find(model.key)?.spread.prepare();
  }

  /** Whether a version has a child here that answers for this holder. */
  isHeld(holder: string, { key }: ServedModel): boolean {
    return this.#held.get(holder) === key && this.#slots.find(key) !== undefined;
  }

  /** From now on this version answers for the holder: its child stays, and that of the one before it ends. */
  hold(holder: string, { key }: ServedModel): void {
    const before = this.#held.get(holder);
    this.#held.set(holder, key);
    const slot = this.#slots.find(key);
    if (slot !== undefined) slot.isPromoted = true;
    if (before !== key) this.#retire(before);
  }

  /** The alias is gone; its version is not. */
  letGo(holder: string): void {
    const before = this.#held.get(holder);
    this.#held.delete(holder);
    this.#retire(before);
  }

  /** It was deleted: its child ends once the images it has are answered. */
  drop({ key }: ServedModel): void {
    this.#dropped.add(key);
    for (const [holder, held] of this.#held) if (held === key) this.#held.delete(holder);
    this.#slots.release(key);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#keeping);
    await this.#slots.stop();
  }

  async #use<Result>(
    model: ServedModel,
    ask: (host: InferenceHost) => Promise<Result>,
  ): Promise<Result> {
    let suspected = 0;
    for (let children = 1; ; children += 1) {
      try {
        return await this.#ask(model, ask);
      } catch (error) {
        if (!(error instanceof LostRequest) || this.#stopped) throw error;
        this.#losses[error.lossCause] += 1;
        if (error.isSuspect) suspected += 1;
        if (suspected > 1) throw endedTwice(error);
        const isTooSlow = error.isSuspect && error.lossCause === 'overdue';
        if (isTooSlow || children === MAX_CHILDREN) throw error;
      }
    }
  }

  async #ask<Result>(
    model: ServedModel,
    ask: (host: InferenceHost) => Promise<Result>,
  ): Promise<Result> {
    // Without an await in between: once a slot is found, `release` must see that it is in use.
    const slot = this.#slotOf(model);
    this.#slots.enter(slot);
    try {
      const host = await slot.host;
      const further = slot.isPromoted ? slot.spread.choose(slot.active) : null;
      return await ask(further ?? host);
    } finally {
      this.#slots.leave(model.key, slot);
    }
  }

  #slotOf(model: ServedModel): Slot {
    if (this.#stopped) throw new DomainError('UNAVAILABLE', 'The API is being stopped.');
    const standing = this.#standingOf(model);
    const known = this.#slots.find(model.key);
    if (known !== undefined) {
      known.isPromoted = standing === 'promoted';
      return known;
    }
    const { bundle } = model;
    const start = async (more: Partial<InferenceHostOptions> = {}) =>
      startInferenceHost({ modelPath: await bundle.path('model.onnx'), ...this.#host, ...more });
    const all = this.#host.threads || availableParallelism();
    const spread = new SpreadHosts({
      count: this.#spread,
      start: () =>
        this.#loads.run(() => start({ threads: Math.max(1, Math.floor(all / this.#spread)) })),
      hasRoom: (more) => this.#slots.makeRoomFor(more),
    });
    return this.#slots.add(model.key, standing, { start, spread, bundle });
  }

  /** What a request read before a promotion is not true any more. */
  #standingOf({ key, version }: ServedModel): Standing {
    // A request that read it before it was deleted.
    if (this.#dropped.has(key)) return 'replaced';
    if (this.#isHeldByAny(key)) return 'promoted';
    if (!version.promoted) return 'other';
    const holder = `${version.model}/promoted`;
    if (this.#held.has(holder)) return 'replaced';
    this.#held.set(holder, key);
    return 'promoted';
  }

  #isHeldByAny(key: string): boolean {
    return [...this.#held.values()].includes(key);
  }

  /** A child that is lost is started again from what is on this machine, also while a store elsewhere is away. */
  #keepBundles(): void {
    for (const [, { bundle }] of this.#slots.entries())
      bundle
        .keep()
        .catch((error: unknown) => console.error('A bundle may be fetched anew:', error));
  }

  /** Unless something else holds it. */
  #retire(key: string | undefined): void {
    if (key !== undefined && !this.#isHeldByAny(key)) this.#slots.retire(key);
  }
}

function endedTwice({ message }: LostRequest): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `The inference process ended twice while it worked on this image, which is not tried again. ${message}`,
    {
      file: 'image',
      fix: 'Check the image and the memory of the machine. Other images still get answers.',
    },
  );
}
