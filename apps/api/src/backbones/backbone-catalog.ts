/** @file The backbones that a run can name: the embedded ones, the catalog, and those that users added. */
import { isAbsolute } from 'node:path';
import {
  type AddBackboneInput,
  BACKBONE_CATALOG,
  type BackboneSummary,
  DomainError,
  EMBEDDED_BACKBONE_FACTS,
  EMBEDDED_BACKBONES,
  type EmbeddedBackboneName,
  type FetchBackboneInput,
  findEmbeddedBackbone,
} from '@plumbline/contracts';
import type { StoredBackbone } from '@plumbline/data';
import type { Context } from '../context.ts';

/** What is not known of a file that a user brought. */
const UNKNOWN = {
  status: 'ready',
  architecture: null,
  license: null,
  page: null,
  url: null,
  sha256: null,
  bytes: null,
  parameters: null,
  featureTaps: [],
  defaultTaps: [],
  path: null,
  fetch: null,
} satisfies Partial<BackboneSummary>;

function toEmbedded(name: EmbeddedBackboneName): BackboneSummary {
  const { featureTaps, defaultTaps, ...facts } = EMBEDDED_BACKBONE_FACTS[name];
  return {
    ...UNKNOWN,
    ...facts,
    source: 'embedded',
    license: 'Apache-2.0',
    featureTaps: [...featureTaps],
    defaultTaps: [...defaultTaps],
  };
}

export async function listBackbones(context: Context): Promise<BackboneSummary[]> {
  const stored = new Map((await context.backbones.list()).map((one) => [one.name, one]));
  const catalog = BACKBONE_CATALOG.map((entry): BackboneSummary => {
    const here = stored.get(entry.name);
    stored.delete(entry.name);
    const fetch = here === undefined ? context.backboneFetches.state(entry.name) : null;
    return {
      ...entry,
      featureTaps: [...entry.featureTaps],
      defaultTaps: [...entry.defaultTaps],
      source: 'catalog',
      status: here !== undefined ? 'ready' : statusOf(fetch),
      bytes: here?.bytes ?? entry.bytes,
      path: here?.path ?? context.backbones.pathOf(entry.name),
      fetch,
    };
  });
  // A file that was added under a name which has since become an embedded one: runs mean the embedded one.
  for (const name of EMBEDDED_BACKBONES) stored.delete(name);
  return [...EMBEDDED_BACKBONES.map(toEmbedded), ...catalog, ...[...stored.values()].map(toAdded)];
}

function statusOf(fetch: BackboneSummary['fetch']): BackboneSummary['status'] {
  if (fetch === null) return 'absent';
  return fetch.error === null ? 'fetching' : 'failed';
}

function toAdded({ name, path, bytes }: StoredBackbone): BackboneSummary {
  return { ...UNKNOWN, name, source: 'added', bytes, path };
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
 * @throws DomainError when it can't be read or is not the file that the catalog means.
 */
export async function addBackbone(
  context: Context,
  { name, path, sha256 }: AddBackboneInput,
): Promise<BackboneSummary> {
  if (findEmbeddedBackbone(name) !== null) {
    throw new DomainError('CONFLICT', `"${name}" is an embedded backbone's name.`, {
      field: 'name',
      fix: 'Choose another name.',
    });
  }
  if (!isAbsolute(path)) {
    throw new DomainError('INVALID_INPUT', `The path "${path}" is not absolute.`, {
      field: 'path',
      fix: 'Give the full path, from the root on.',
    });
  }
  await context.backbones.add(name, path, sha256);
  return getBackbone(context, name);
}
