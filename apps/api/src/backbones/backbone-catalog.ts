/** @file The backbones that a run can name: the embedded one, the catalogue, and those that users added. */
import { isAbsolute } from 'node:path';
import {
  type AddBackboneInput,
  BACKBONE_CATALOGUE,
  type BackboneSummary,
  DomainError,
  EMBEDDED_BACKBONE,
  type FetchBackboneInput,
} from '@plumbline/contracts';
import type { StoredBackbone } from '@plumbline/data';
import type { Context } from '../context.ts';

const EMBEDDED: BackboneSummary = {
  name: EMBEDDED_BACKBONE,
  source: 'embedded',
  status: 'ready',
  architecture: null,
  licence: 'Apache-2.0',
  page: null,
  url: null,
  sha256: null,
  bytes: null,
  parameters: null,
  featureTaps: [
    { name: 'layer1', channels: 32, stride: 4 },
    { name: 'layer2', channels: 64, stride: 8 },
    { name: 'layer3', channels: 128, stride: 16 },
  ],
  defaultTaps: ['layer2', 'layer3'],
  path: null,
  fetch: null,
};

export async function listBackbones(context: Context): Promise<BackboneSummary[]> {
  const stored = new Map((await context.backbones.list()).map((one) => [one.name, one]));
  const catalogue = BACKBONE_CATALOGUE.map((entry): BackboneSummary => {
    const here = stored.get(entry.name);
    stored.delete(entry.name);
    const fetch = here === undefined ? context.backboneFetches.state(entry.name) : null;
    return {
      ...entry,
      featureTaps: [...entry.featureTaps],
      defaultTaps: [...entry.defaultTaps],
      source: 'catalogue',
      status: here !== undefined ? 'ready' : statusOf(fetch),
      bytes: here?.bytes ?? entry.bytes,
      path: here?.path ?? context.backbones.pathOf(entry.name),
      fetch,
    };
  });
  return [EMBEDDED, ...catalogue, ...[...stored.values()].map(toAdded)];
}

function statusOf(fetch: BackboneSummary['fetch']): BackboneSummary['status'] {
  if (fetch === null) return 'absent';
  return fetch.error === null ? 'fetching' : 'failed';
}

function toAdded({ name, path, bytes }: StoredBackbone): BackboneSummary {
  return {
    ...EMBEDDED,
    name,
    source: 'added',
    licence: null,
    bytes,
    featureTaps: [],
    defaultTaps: [],
    path,
  };
}

/** @throws DomainError NOT_FOUND */
export async function getBackbone(context: Context, name: string): Promise<BackboneSummary> {
  const found = (await listBackbones(context)).find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new DomainError('NOT_FOUND', `There is no backbone "${name}".`, {
    field: 'name',
    fix: 'See "plumb backbones list", or add a file with "plumb backbones add <file> --name <name>".',
  });
}

/** Starts the download and answers at once; `getBackbone` says how far it is. */
export async function fetchBackbone(
  context: Context,
  input: FetchBackboneInput,
): Promise<BackboneSummary> {
  if ((await context.backbones.find(input.name)) === null) context.backboneFetches.start(input);
  return getBackbone(context, input.name);
}

export async function cancelFetch(context: Context, name: string): Promise<BackboneSummary> {
  await context.backboneFetches.cancel(name);
  return getBackbone(context, name);
}

/**
 * Copies a file of this machine's disk. Paths are taken from every caller that `authorize` lets in.
 * @throws DomainError when it can't be read or is not the file that the catalogue means.
 */
export async function addBackbone(
  context: Context,
  { name, path, sha256 }: AddBackboneInput,
): Promise<BackboneSummary> {
  if (name === EMBEDDED_BACKBONE) {
    throw new DomainError('CONFLICT', `"${name}" is the embedded backbone's name.`, {
      field: 'name',
      fix: 'Choose another name.',
    });
  }
  if (!isAbsolute(path)) {
    throw new DomainError('INVALID_INPUT', `The path "${path}" is not absolute.`, {
      field: 'path',
      fix: 'Give the whole path, from the root on.',
    });
  }
  await context.backbones.add(name, path, sha256);
  return getBackbone(context, name);
}
