/** @file Loaded into the API first (`--import`): tells its parent how long its event loop was held up. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Between two looks at the clock, milliseconds: not a delay. */
const RESOLUTION_MS = 1;
const ASK = 'loop-delay';

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

// The longest hundredth since the last time.
process.on('message', (message) => {
  if (message !== ASK) return;
  process.send?.({ delayP99Ms: delay.percentile(99) / 1e6 - RESOLUTION_MS });
  delay.reset();
});
