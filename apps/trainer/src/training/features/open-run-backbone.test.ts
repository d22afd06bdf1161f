/** @file Which file a run's backbone means, with a store in memory. */
import { BACKBONE_CATALOG, DomainError } from '@plumbline/contracts';
import type { BackboneStore } from '@plumbline/data';
import { describe, expect, it } from 'vitest';
import { assertHash, resolveBackbone } from './open-run-backbone.ts';

const [entry] = BACKBONE_CATALOG;
const name = entry?.name ?? '';

function store(here: readonly string[], refuses = false): BackboneStore & { fetched: string[] } {
  const fetched: string[] = [];
  const stored = (one: string) => ({ name: one, path: `/home/${one}.safetensors`, bytes: 10 });
  return {
    fetched,
    find: async (one) => (here.includes(one) ? stored(one) : null),
    list: async () => here.map(stored),
    pathOf: (one) => stored(one).path,
    async fetch(one, options) {
      if (refuses) throw new DomainError('UNAVAILABLE', 'no network', { fix: 'by hand' });
      fetched.push(one);
      options?.onProgress?.({
        receivedBytes: 5_000_000,
        totalBytes: 10_000_000,
        bytesPerSecond: 1_000_000,
        etaSeconds: 5,
      });
      return stored(one);
    },
    add: async (one) => stored(one),
  };
}

async function resolve(backbone: string, backbones: BackboneStore) {
  const messages: [number, string][] = [];
  const resolved = await resolveBackbone({
    backbone,
    store: backbones,
    onProgress: async (fraction, message) => void messages.push([fraction, message]),
  });
  return { resolved, messages };
}

describe('resolveBackbone', () => {
  it.each([
    'standard',
    'compact',
    '/models/net.onnx',
    'net.safetensors',
    'C:\\nets\\a',
    '/models/net',
  ])('leaves %s as it is', async (backbone) => {
    const { resolved, messages } = await resolve(backbone, store([]));
    expect(resolved).toEqual({ backbone, architecture: null, sha256: null });
    expect(messages).toEqual([]);
  });

  it('takes what is here without asking anyone, and a file that was added by its name', async () => {
    const backbones = store([name, 'my-net']);
    expect((await resolve(name, backbones)).resolved).toEqual({
      backbone: `/home/${name}.safetensors`,
      architecture: entry?.architecture,
      sha256: entry?.sha256,
    });
    expect((await resolve('my-net', backbones)).resolved.architecture).toBeNull();
    expect(backbones.fetched).toEqual([]);
  });

  it('fetches a catalog name that is not here and says how far it is', async () => {
    const backbones = store([]);
    const { resolved, messages } = await resolve(name, backbones);
    expect(backbones.fetched).toEqual([name]);
    expect(resolved.backbone).toBe(`/home/${name}.safetensors`);
    expect(messages).toEqual([
      [0, `Fetching ${name} from ${entry?.page}.`],
      [0.5, `Fetching ${name}: 5.0 MB of 10.0 MB, 1.0 MB/s, 5 s left.`],
    ]);
  });

  it('fails with the words of the store, and names no network for a name it does not know', async () => {
    await expect(resolve(name, store([], true))).rejects.toMatchObject({ fix: 'by hand' });
    await expect(resolve('vgg16', store([]))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      field: 'backbone',
    });
  });
});

describe('assertHash', () => {
  it('refuses another file than the catalog means', () => {
    const resolved = { backbone: '/home/a', architecture: null, sha256: 'a'.repeat(64) };
    expect(() => assertHash('a', resolved, 'b'.repeat(64))).toThrow(DomainError);
    assertHash('a', resolved, 'a'.repeat(64));
    assertHash('a', { ...resolved, sha256: null }, 'b'.repeat(64));
  });
});
