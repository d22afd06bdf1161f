/** @file Which model version the address asks for: that one or none, never another. */
import 'server-only';
import {
  hasDecoder,
  isTrained,
  type ModelSummary,
  type ModelVersion,
  POOLED,
} from '@plumbline/contracts';
import type { InspectorProps } from '~/components/inspect/inspector.tsx';
import type { api } from '~/trpc/server.ts';
import { tryImages } from './try-images.ts';

export interface AskedFor {
  readonly model?: string | string[];
  readonly version?: string | string[];
  readonly category?: string | string[];
  readonly range?: string | string[];
  readonly where?: string | string[];
}

export type InspectChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown-model'; readonly model: string; readonly models: string[] }
  /** There is no such version, none that answers when none is named, or it holds imported results. */
  | {
      readonly kind: 'no-version';
      readonly model: string;
      readonly message: string;
      /** Versions that could answer, newest first. */
      readonly versions: number[];
    }
  | { readonly kind: 'ready'; readonly inspector: InspectorProps };

export async function inspectChoice(
  client: ReturnType<typeof api>,
  asked: AskedFor,
): Promise<InspectChoice> {
  const models = await client.models.list.query();
  const name = single(asked.model) ?? defaultModel(models)?.name;
  if (name === undefined) return { kind: 'none' };
  if (!models.some((one) => one.name === name))
    return { kind: 'unknown-model', model: name, models: models.map((one) => one.name) };
  const versions = await client.models.get.query({ name });
  const chosen = chooseVersion(name, versions, single(asked.version));
  if ('message' in chosen) {
    const answering = versions.filter(isTrained).map(({ version }) => version);
    return { kind: 'no-version', model: name, message: chosen.message, versions: answering };
  }
  const { manifest } = chosen;
  // One of which nothing was held out has no threshold of its own, but is known all the same.
  const known = [manifest.categories, manifest.thresholds?.categories ?? {}].flatMap(Object.keys);
  const categories = [...new Set(known)].sort();
  const category = single(asked.category);
  const answers = category !== undefined && (category === POOLED || categories.includes(category));
  return {
    kind: 'ready',
    inspector: {
      models: models.map((one) => ({ name: one.name, promotedVersion: one.promotedVersion })),
      model: name,
      versions: versions
        .filter(isTrained)
        .map((one) => ({ version: one.version, promoted: one.promoted })),
      version: chosen.version,
      categories,
      category: answers ? category : undefined,
      range: single(asked.range),
      where: single(asked.where) === 'browser' ? 'browser' : 'server',
      modelBytes: manifest.files.find((file) => file.name === 'model.onnx')?.bytes ?? 0,
      unknownCategory: answers ? undefined : category,
      decoder: hasDecoder(chosen),
      ignore: manifest.ignore,
      tryImages: await tryImages(client, chosen),
    },
  };
}

function single(value: string | string[] | undefined): string | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return one === '' ? undefined : one;
}

/** Only when the address names none. */
function defaultModel(models: readonly ModelSummary[]): ModelSummary | undefined {
  return models.find((one) => one.promotedVersion !== null) ?? models[0];
}

function chooseVersion(
  model: string,
  versions: readonly ModelVersion[],
  asked: string | undefined,
): ModelVersion | { readonly message: string } {
  if (!versions.some(isTrained))
    return {
      message: `${model} has imported results only: it has no graph to inspect an image with.`,
    };
  if (asked === undefined) {
    return (
      versions.find((one) => one.promoted) ?? {
        message: `No version of ${model} is promoted, so none answers unless you name one.`,
      }
    );
  }
  const found = versions.find((one) => String(one.version) === asked);
  if (found === undefined) return { message: `${model} has no version ${asked}.` };
  if (isTrained(found)) return found;
  return {
    message: `Version ${asked} of ${model} has imported results only: it has no graph to inspect an image with.`,
  };
}
