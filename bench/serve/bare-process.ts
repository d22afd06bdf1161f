/** @file The same graph in a bare loop: decode one image, run it, take the next. No server, no queue, no other process. */
import { readFile } from 'node:fs/promises';
import { imageFeed } from '@plumbline/contracts';
import { decodeImage } from '@plumbline/data';
import { createExecutor } from '@plumbline/runtime';
import { decodedAhead } from './decoded-ahead.ts';
import type { LoadRequest, LoadResult } from './measured-load.ts';

const [modelPath = '', threads = '2'] = process.argv.slice(2);
const executor = await createExecutor({ threads: Number(threads) });
const session = await executor.load(await readFile(modelPath));

/** @param ahead Whether the next image is decoded while one is run, as a server does with many at once. */
async function loop({ images, seconds, connections }: LoadRequest): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const start = performance.now();
  const decode = (index: number) =>
    decodeImage(images[index % images.length] ?? new Uint8Array(), 'image');
  const decoded = decodedAhead(decode, connections > 1 ? 1 : 0);
  while (performance.now() - start < seconds * 1000) {
    const before = performance.now();
    await session.run(imageFeed([await decoded()]));
    latenciesMs.push(performance.now() - before);
  }
  return { latenciesMs, failed: 0, seconds: (performance.now() - start) / 1000 };
}

process.on('message', (request: LoadRequest) => {
  void loop(request).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
