/** @file One child process a model version in use, at most a few; the one unused for longest ends first. */
import { DomainError } from '@plumbline/contracts';
import {
  type InferenceHost,
  type InspectedImage,
  type InspectionResult,
  startInferenceHost,
} from '@plumbline/runtime';
import type { ServedModel } from './served-model.ts';

export const MAX_HOSTS = 3;

/** Small, so that the first real image finds the graph's memory allocated. */
const WARM_UP_IMAGE: InspectedImage = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };

interface Slot {
  readonly host: Promise<InferenceHost>;
  /** The host once it is there. */
  loaded: InferenceHost | null;
  /** Images that are waited for. */
  active: number;
  /** Order of use. */
  usedAt: number;
  /** Set once no new image goes to it: called when the last answer is out. */
  onIdle: (() => void) | null;
}

type LoadedModel = Pick<ServedModel, 'key' | 'modelPath'>;

export class InferencePool {
  readonly #slots = new Map<string, Slot>();
  readonly #ending = new Set<Promise<void>>();
  #clock = 0;
  #stopped = false;

  /** Process ids of the children that take images, by model key. */
  async pids(): Promise<Record<string, number>> {
    const pids: Record<string, number> = {};
    for (const [key, slot] of this.#slots) pids[key] = (await slot.host).pid;
    return pids;
  }

  /** Scores one image. @throws DomainError UNAVAILABLE when the child ends meanwhile; the next image starts a new one */
  inspect(model: LoadedModel, image: InspectedImage): Promise<InspectionResult> {
    return this.#use(model, (host) => host.inspect(image));
  }

  /** The picture of what a version with a decoder takes for normal. @throws as `inspect` */
  decodeNormal(model: LoadedModel, image: InspectedImage): Promise<InspectedImage> {
    return this.#use(model, (host) => host.decodeNormal(image));
  }

  async #use<Result>(
    model: LoadedModel,
    ask: (host: InferenceHost) => Promise<Result>,
  ): Promise<Result> {
    // Without an await in between: once a slot is found, `release` must see that it is in use.
    const slot = this.#slotOf(model);
    slot.active += 1;
    slot.usedAt = ++this.#clock;
    try {
      const host = await slot.host;
      return await ask(host);
    } finally {
      slot.active -= 1;
      if (slot.active === 0) slot.onIdle?.();
    }
  }

  /** Loads a version and runs it once. */
  async warm(model: LoadedModel): Promise<void> {
    await this.inspect(model, WARM_UP_IMAGE);
  }

  /** Ends the child of a version once the images it has are answered. */
  release(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#slots.delete(key);
    const ending = this.#drain(slot);
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const slot of this.#slots.values()) this.#ending.add(endHost(slot));
    this.#slots.clear();
    await Promise.all(this.#ending);
  }

  #slotOf(model: LoadedModel): Slot {
    const known = this.#slots.get(model.key);
    if (known !== undefined && known.loaded?.isAlive !== false) return known;
    if (this.#stopped) throw new DomainError('UNAVAILABLE', 'The API is being stopped.');
    this.#slots.delete(model.key);
    this.#makeRoom();
    const slot: Slot = {
      host: startInferenceHost({ modelPath: model.modelPath }),
      loaded: null,
      active: 0,
      usedAt: ++this.#clock,
      onIdle: null,
    };
    slot.host.then(
      (host) => {
        slot.loaded = host;
      },
      // Whoever waits for it gets the error; the next image tries again.
      () => this.#forget(model.key, slot),
    );
    this.#slots.set(model.key, slot);
    return slot;
  }

  #makeRoom(): void {
    while (this.#slots.size >= MAX_HOSTS) {
      const [oldest] = [...this.#slots].sort(([, a], [, b]) => a.usedAt - b.usedAt);
      if (oldest === undefined) return;
      this.release(oldest[0]);
    }
  }

  #forget(key: string, slot: Slot): void {
    if (this.#slots.get(key) === slot) this.#slots.delete(key);
  }

  async #drain(slot: Slot): Promise<void> {
    if (slot.active > 0) {
      await new Promise<void>((resolve) => {
        slot.onIdle = resolve;
      });
    }
    await endHost(slot);
  }
}

async function endHost(slot: Slot): Promise<void> {
  await slot.host.then(
    (host) => host.stop(),
    () => undefined,
  );
}
