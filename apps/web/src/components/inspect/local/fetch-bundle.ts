/** @file Fetches what a browser needs of a bundle through the dashboard, with the session of whoever looks at it. */
import {
  type BundleManifest,
  bundleManifestSchema,
  CATEGORY_BANK_FILE,
  type DescriptorBank,
  DomainError,
  readCategoryBank,
  type ThresholdProfileVersion,
  thresholdHistorySchema,
} from '@plumbline/contracts';
import { bundleFileUrl, thresholdsUrl } from '~/format/api-paths.ts';
import { errorBodyOfJson } from '~/trpc/errors.ts';
import type { LoadProgress, LocalTarget } from './messages.ts';

export interface Bundle {
  readonly target: LocalTarget;
  readonly manifest: BundleManifest;
  /** The profile that serves now. */
  readonly thresholds: ThresholdProfileVersion;
  /** Null where the category is not found from the image. */
  readonly bank: DescriptorBank | null;
  readonly graph: Uint8Array;
}

const GRAPH_FILE = 'model.onnx';

/** @throws DomainError as the API answers, UNAVAILABLE for a download that was cut short */
export async function fetchBundle(
  target: LocalTarget,
  onProgress: (progress: LoadProgress) => void,
): Promise<Bundle> {
  const { model, version } = target;
  onProgress({ part: 'manifest', loadedBytes: 0, totalBytes: 0 });
  const [manifest, thresholds] = await Promise.all([
    fetchAnswer(bundleFileUrl(model, version, 'manifest.json'))
      .then((answer) => answer.json())
      .then((body) => bundleManifestSchema.parse(body)),
    fetchAnswer(thresholdsUrl(model, version))
      .then((answer) => answer.json())
      .then((body) => thresholdHistorySchema.parse(body).profiles.find((one) => one.active)),
  ]);
  if (thresholds === undefined)
    throw new DomainError('UNAVAILABLE', `${model} v${version} has no threshold profile.`);
  const bank =
    manifest.categoryBank === undefined
      ? null
      : readCategoryBank(
          await bytesOf(await fetchAnswer(bundleFileUrl(model, version, CATEGORY_BANK_FILE))),
        );
  const totalBytes = manifest.files.find(({ name }) => name === GRAPH_FILE)?.bytes ?? 0;
  const graph = await bytesOf(
    await fetchAnswer(bundleFileUrl(model, version, GRAPH_FILE)),
    (loadedBytes) => onProgress({ part: 'model', loadedBytes, totalBytes }),
  );
  if (graph.length !== totalBytes) {
    const message = `${GRAPH_FILE} has ${totalBytes} bytes, but ${graph.length} came.`;
    throw new DomainError('UNAVAILABLE', message, { file: GRAPH_FILE, fix: 'Load it again.' });
  }
  return { target, manifest, thresholds, bank, graph };
}

async function fetchAnswer(url: string): Promise<Response> {
  const answer = await fetch(url);
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => null);
  throw DomainError.fromBody(errorBodyOfJson(body, answer.status));
}

async function bytesOf(answer: Response, onLoaded?: (bytes: number) => void): Promise<Uint8Array> {
  const reader = answer.body?.getReader();
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) break;
    chunks.push(value);
    loaded += value.length;
    onLoaded?.(loaded);
  }
  const whole = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
