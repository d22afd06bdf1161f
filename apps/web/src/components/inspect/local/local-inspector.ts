/** @file A loaded bundle that inspects images where it is; no image leaves it. */
import { type ImagePixels, ignoreNumber } from '@plumbline/contracts';
import type { Tensor } from 'onnxruntime-web';
import { decodePicture } from './decode-picture.ts';
import { type Bundle, fetchBundle } from './fetch-bundle.ts';
import { heatmapPng } from './heatmap-png.ts';
import { type LocalOutputs, localPrediction } from './local-prediction.ts';
import type { LoadProgress, LocalPrediction, LocalProvider, LocalTarget } from './messages.ts';
import { cannotRun, type OpenedSession, openSession } from './open-session.ts';

interface RunOutputs extends LocalOutputs {
  readonly anomalyMap: Float32Array;
}

/** Side of the image by which a card shows whether it runs the graph. */
const TRIED_PX = 64;

export class LocalInspector {
  readonly #bundle: Omit<Bundle, 'graph'>;
  readonly #opened: OpenedSession;

  private constructor(bundle: Omit<Bundle, 'graph'>, opened: OpenedSession) {
    this.#bundle = bundle;
    this.#opened = opened;
  }

  /** @throws DomainError where the bundle can't be fetched or can't run here */
  static async load(
    target: LocalTarget,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<LocalInspector> {
    const { graph, ...bundle } = await fetchBundle(target, onProgress);
    const bytes = graph.length;
    onProgress({ part: 'session', loadedBytes: bytes, totalBytes: bytes });
    const side = Math.max(TRIED_PX, bundle.manifest.graph.input.minSidePx ?? 1);
    const blank = { width: side, height: side, data: new Uint8Array(side * side * 3) };
    const opened = await openSession(graph, (tried) =>
      new LocalInspector(bundle, tried).#run(blank, null),
    );
    return new LocalInspector(bundle, opened);
  }

  get provider(): LocalProvider {
    return this.#opened.provider;
  }

  /** @throws DomainError as `decodePicture` and `localPrediction` */
  async inspect(file: Blob, category: string | undefined): Promise<LocalPrediction> {
    const begun = performance.now();
    const { graph } = this.#bundle.manifest;
    const { pixels, shown } = await decodePicture(file, graph.input.minSidePx ?? 1);
    const { width, height } = pixels;
    const first = await this.#run(pixels, category ?? null);
    const found = localPrediction(this.#bundle, first, category);
    // As on the server, a category that was found, and that has ignore regions, costs a second run.
    const again = category === undefined && this.#ignoreOf(found.category) !== 0;
    const outputs = again ? await this.#run(pixels, found.category) : first;
    const prediction = again ? localPrediction(this.#bundle, outputs, category) : found;
    const map = {
      anomalyMap: outputs.anomalyMap,
      mapHeight: graph.anomalyMap.height,
      mapWidth: graph.anomalyMap.width,
    };
    const heatmap = await heatmapPng(shown, map, prediction.heatmapScale);
    const latencyMs = performance.now() - begun;
    return { ...prediction, width, height, heatmap, regions: null, latencyMs };
  }

  /** @param category Whose ignore regions are left out; null: of none. */
  async #run(pixels: ImagePixels, category: string | null): Promise<RunOutputs> {
    const { graph } = this.#bundle.manifest;
    const { session, runtime } = this.#opened;
    const { width, height, data } = pixels;
    const feeds: Record<string, Tensor> = {
      [graph.input.name]: new runtime.Tensor('uint8', data, [1, height, width, 3]),
    };
    if (graph.ignore !== undefined) {
      const number = BigInt64Array.of(BigInt(this.#ignoreOf(category)));
      feeds[graph.ignore.name] = new runtime.Tensor('int64', number, [1]);
    }
    const outputs = await session.run(feeds).catch((cause: unknown) => {
      throw cannotRun(cause);
    });
    const floats = (name: string) => outputs[name]?.data as Float32Array;
    return {
      imageScore: floats(graph.imageScore.name)[0] ?? Number.NaN,
      anomalyMap: floats(graph.anomalyMap.name),
      categoryDescriptor:
        graph.categoryDescriptor === undefined ? null : floats(graph.categoryDescriptor.name),
    };
  }

  #ignoreOf(category: string | null): number {
    const { ignore } = this.#bundle.manifest.graph;
    return ignore === undefined ? 0 : ignoreNumber(ignore, category);
  }
}
