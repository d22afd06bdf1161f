/**
 * @file The child process that owns the inference sessions of one model version: its `model.onnx`, and its `normal.onnx` once
 * somebody asks. Arguments: model path, threads (0 = onnxruntime's choice).
 */
import { type GraphSession, IGNORE_INPUT, imageFeed } from '@plumbline/contracts/graphs';
import type { HostMessage, InspectRequest } from './inference-protocol.ts';
import { openSession, sessionOptions } from './onnx-session.ts';
import { PixelMemory, REQUESTS_FD, RequestReader } from './request-pipe.ts';

const [modelPath = '', threads = '0'] = process.argv.slice(2);

const OPTIONS = sessionOptions('cpu', Number(threads) > 0 ? Number(threads) : undefined);
const NO_MAP = new Float32Array();

/** A parent that has gone ends this process by itself. */
function send(message: HostMessage): void {
  process.send?.(message, undefined, undefined, () => {});
}

/** The decoder's session, loaded when first asked for; a load that failed is tried again. */
class NormalSession {
  #session: Promise<GraphSession> | null = null;

  async picture(request: InspectRequest): Promise<HostMessage> {
    const session = await this.#load(request.decoder);
    const { normal } = await session.run(imageFeed([request]));
    if (normal === undefined) throw new Error('The graph lacks normal.');
    const [, height = 0, width = 0] = normal.shape;
    return { type: 'picture', id: request.id, width, height, data: normal.data as Uint8Array };
  }

  #load(path: string): Promise<GraphSession> {
    this.#session ??= openSession(path, OPTIONS).catch((error: unknown) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }
}

async function inspect(session: GraphSession, request: InspectRequest): Promise<HostMessage> {
  const start = performance.now();
  const ignore = session.inputNames.includes(IGNORE_INPUT) ? [request.ignore] : undefined;
  const result = await session.run(imageFeed([request], ignore));
  const map = result['anomaly_map'];
  const score = result['image_score'];
  const descriptor = result['category_descriptor'];
  if (map === undefined || score === undefined)
    throw new Error('The graph lacks anomaly_map or image_score.');
  const [, mapHeight = 0, mapWidth = 0] = map.shape;
  return {
    type: 'result',
    id: request.id,
    imageScore: Number(score.data[0]),
    anomalyMap: request.type === 'map' ? (map.data as Float32Array) : NO_MAP,
    mapHeight,
    mapWidth,
    categoryDescriptor: descriptor === undefined ? null : (descriptor.data as Float32Array),
    milliseconds: performance.now() - start,
  };
}

async function serve(): Promise<void> {
  const session = await openSession(modelPath, OPTIONS);
  const decoder = new NormalSession();
  const memory = new PixelMemory();
  const requests = new RequestReader(memory, (request) => {
    const answer = request.type === 'normal' ? decoder.picture(request) : inspect(session, request);
    answer
      .catch(
        (error: unknown): HostMessage => ({
          type: 'error',
          id: request.id,
          message: messageOf(error),
        }),
      )
      .then((message) => {
        memory.giveBack(request.data);
        send(message);
      });
  });
  requests.readFrom(REQUESTS_FD);
  send({ type: 'ready' });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.on('disconnect', () => process.exit(0));

serve().catch((error: unknown) => {
  send({ type: 'failed', message: messageOf(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
