/**
 * @file Bundles as objects of a store elsewhere, `<bundle>/<file>`. What needs a file gets a copy on this machine, by the hash that
 * the manifest names. A bundle that is in the home, from before the store was elsewhere, is used there.
 */
import { stat } from 'node:fs/promises';
import { DomainError } from '@plumbline/contracts';
import { checkedBytes, damagedFile } from '../objects/checked-bytes.ts';
import type { FileCache } from '../objects/file-cache.ts';
import type { ObjectStore, OpenedObject } from '../objects/object-store.ts';
import { streamOf } from '../objects/stream-of.ts';
import { runBounded } from '../run-bounded.ts';
import { sha256Of } from '../store/sha256.ts';
import type { Bundle, BundleFile, BundleStore, StoredBundle } from './bundle-store.ts';

export interface RemoteBundlesOptions {
  readonly objects: ObjectStore;
  readonly cache: FileCache;
  /** Of before. */
  readonly home: BundleStore;
}

/** A file larger than a part holds one in memory. */
const AT_A_TIME = 4;

export function openRemoteBundles({ objects, cache, home }: RemoteBundlesOptions): BundleStore {
  async function remove(directory: string): Promise<void> {
    for await (const page of objects.list(`${directory}/`))
      await runBounded({
        items: page,
        concurrency: AT_A_TIME,
        run: ({ key }) => objects.remove(key),
      });
    await home.remove(directory);
  }

  return {
    name: objects.name,
    at: (bundle) => new RemoteBundle({ objects, cache, home }, bundle),
    async write(directory, files) {
      const put = ({ name, bytes }: BundleFile) => objects.put(`${directory}/${name}`, bytes);
      const last = files.at(-1);
      try {
        await runBounded({ items: files.slice(0, -1), concurrency: AT_A_TIME, run: put });
        if (last !== undefined) await put(last);
      } catch (error) {
        await remove(directory).catch(() => {});
        throw error;
      }
    },
    async list(prefix) {
      const names = new Set(await home.list(prefix));
      for await (const page of objects.list(prefix))
        for (const { key } of page) names.add(key.slice(0, key.indexOf('/')));
      return [...names];
    },
    remove,
  };
}

class RemoteBundle implements Bundle {
  readonly #objects: ObjectStore;
  readonly #cache: FileCache;
  readonly #home: Bundle;
  readonly #bundle: StoredBundle;

  constructor({ objects, cache, home }: RemoteBundlesOptions, bundle: StoredBundle) {
    this.#objects = objects;
    this.#cache = cache;
    this.#home = home.at(bundle);
    this.#bundle = bundle;
  }

  async read(name: string): Promise<Uint8Array | null> {
    const own = await this.#home.read(name);
    if (own !== null) return own;
    const sha256 = this.#hashOf(name);
    const kept = sha256 === null ? null : await this.#cache.read(sha256);
    if (kept !== null) return kept;
    const bytes = await this.#objects.get(this.#keyOf(name));
    if (bytes === null || sha256 === null) return bytes;
    if (sha256Of(bytes) !== sha256) throw damagedFile(this.#nameOf(name));
    await this.#cache.write(sha256, bytes);
    return bytes;
  }

  /** What passes by once is not kept: it would push out what is read again and again. */
  async open(name: string): Promise<OpenedObject | null> {
    const own = await this.#home.open(name);
    if (own !== null) return own;
    const sha256 = this.#hashOf(name);
    const kept = sha256 === null ? null : await this.#cache.open(sha256);
    if (kept !== null) return kept;
    const found = await this.#objects.open(this.#keyOf(name));
    if (found === null || sha256 === null) return found;
    const expected = { name: this.#nameOf(name), sha256 };
    const { bytes, stream } = found;
    return { bytes, stream: streamOf(checkedBytes(stream, expected), stream) };
  }

  async path(name: string): Promise<string> {
    const own = await this.#home.path(name);
    if (await isThere(own)) return own;
    const sha256 = this.#hashOf(name);
    if (sha256 === null)
      throw new DomainError('UNAVAILABLE', `The manifest of the bundle names no ${name}.`, {
        fix: 'Train the version again.',
      });
    const fetch = () => this.#objects.open(this.#keyOf(name));
    return this.#cache.path({ name: this.#nameOf(name), sha256, fetch });
  }

  async keep(): Promise<void> {
    for (const { sha256 } of this.#bundle.files) await this.#cache.keep(sha256);
  }

  #hashOf(name: string): string | null {
    return this.#bundle.files.find((file) => file.name === name)?.sha256 ?? null;
  }

  #keyOf(name: string): string {
    return `${this.#bundle.directory}/${name}`;
  }

  #nameOf(name: string): string {
    return `${this.#objects.name}/${this.#keyOf(name)}`;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
