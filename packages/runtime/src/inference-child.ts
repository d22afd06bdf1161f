/** @file The child process that owns one inference session. Arguments: model path, threads (0 = onnxruntime's choice). */
import { readFile } from 'node:fs/promises';
import type { GraphSession } from '@plumbline/contracts';
import type { HostMessage, InspectRequest } from './inference-protocol.ts';
import { createExecutor } from './onnx-executor.ts';

const [modelPath = '', threads = '0'] = process.argv.slice(2);

function send(message: HostMessage): void {
  process.send?.(message);
}

async function inspect(session: GraphSession, request: InspectRequest): Promise<HostMessage> {
  const start = performance.now();
  const result = await session.run({
    image: { dtype: 'uint8', shape: [1, request.height, request.width, 3], data: request.data },
  });
  const map = result['anomaly_map'];
  const score = result['image_score'];
  if (map === undefined || score === undefined)
    throw new Error('The graph lacks anomaly_map or image_score.');
  const [, mapHeight = 0, mapWidth = 0] = map.shape;
  return {
    type: 'result',
    id: request.id,
    imageScore: Number(score.data[0]),
    anomalyMap: Float32Array.from(map.data as Float32Array),
    mapHeight,
    mapWidth,
    milliseconds: performance.now() - start,
  };
}

process.on('disconnect', () => process.exit(0));

try {
  const executor = await createExecutor(Number(threads) > 0 ? { threads: Number(threads) } : {});
  const session = await executor.load(await readFile(modelPath));
  process.on('message', (request: InspectRequest) => {
    inspect(session, request).then(send, (error: unknown) =>
      send({
        type: 'error',
        id: request.id,
        message: error instanceof Error ? error.message : String(error),
      }),
    );
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}
