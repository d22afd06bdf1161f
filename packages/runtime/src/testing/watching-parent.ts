/** @file A process that watches a child and says what it saw of it. Arguments: what the child does, milliseconds of silence and of being stuck. */
import { forkTypeScript } from '../fork-typescript.ts';
import { HEARTBEAT_FORK, watchHeartbeat } from '../heartbeat.ts';

const [fate = '', silenceMs = '', stuckMs = ''] = process.argv.slice(2);
const child = forkTypeScript(new URL('./busy-child.ts', import.meta.url), [fate], HEARTBEAT_FORK);
const limits = { silenceMs: Number(silenceMs), firstMs: 60_000, stuckMs: Number(stuckMs) };
watchHeartbeat(child, limits, (how) => {
  child.kill('SIGKILL');
  process.send?.({ how });
});
child.once('message', () => process.send?.({ child: child.pid }));
process.on('disconnect', () => process.exit(0));
