/** @file The API in a process of its own, which also tells how long its event loop was held up. */
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { platformHome } from '@plumbline/contracts';
import { openFolderBlobStore } from '@plumbline/data';
import { openDatabase } from '@plumbline/db';
import { createServer } from '../../apps/api/src/create-server.ts';
import { defaultSpread } from '../../apps/api/src/inference/spread-hosts.ts';

const [root = '', databaseUrl = '', threads = '2', spread = ''] = process.argv.slice(2);
/** Between two looks at the clock, milliseconds: not a delay. */
const RESOLUTION_MS = 1;

const home = platformHome(root);
const database = await openDatabase(databaseUrl);
const server = await createServer({
  ...{ database, home, apiKey: null, codeVersion: 'bench' },
  blobs: openFolderBlobStore(home.blobs),
  inference: {
    threads: Number(threads),
    spread: spread === '' ? defaultSpread(Number(threads)) : Number(spread),
  },
});
await server.app.listen({ host: '127.0.0.1', port: 0 });
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
const { port } = server.app.server.address() as AddressInfo;

// Asked for at the end of a phase: the longest hundredth since the last time.
process.on('message', () => {
  process.send?.({ delayP99Ms: delay.percentile(99) / 1e6 - RESOLUTION_MS });
  delay.reset();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port });
