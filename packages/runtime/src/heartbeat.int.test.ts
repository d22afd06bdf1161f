/** @file What is taken for lifeless of children that compute, are stuck or are stopped, alone or with their parent. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { forkTypeScript } from './fork-typescript.ts';

const SILENCE_MS = 1_500;
const STUCK_MS = 3_000;

interface Watched extends AsyncDisposable {
  readonly parent: ChildProcess;
  /** Process id of the child. */
  readonly child: number;
  /** What was seen of it. */
  readonly seen: readonly string[];
}

async function watch(fate: string): Promise<Watched> {
  const parent = forkTypeScript(
    new URL('./testing/watching-parent.ts', import.meta.url),
    [fate, String(SILENCE_MS), String(STUCK_MS)],
    // A group of its own, as a service has.
    { detached: true },
  );
  const [{ child }] = (await once(parent, 'message')) as [{ child: number }];
  const seen: string[] = [];
  parent.on('message', ({ how }: { how: string }) => seen.push(how));
  const ended = once(parent, 'exit');
  return {
    ...{ parent, child, seen },
    async [Symbol.asyncDispose]() {
      process.kill(-(parent.pid ?? 0), 'SIGKILL');
      await ended;
    },
  };
}

test('a child that is stuck in one call is noticed, one that computes in turns is not', async () => {
  await using inTurns = await watch('in turns');
  await using forEver = await watch('for ever');
  await expect.poll(() => forEver.seen, { timeout: 60_000 }).toEqual(['stuck']);
  expect(inTurns.seen).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'a child that is stopped is noticed, but not when its parent was stopped as well',
  async () => {
    await using watched = await watch('in turns');
    const group = -(watched.parent.pid ?? 0);
    process.kill(group, 'SIGSTOP');
    await sleep(STUCK_MS + 500);
    process.kill(group, 'SIGCONT');
    await sleep(SILENCE_MS + 500);
    expect(watched.seen).toEqual([]);
    process.kill(watched.child, 'SIGSTOP');
    await expect.poll(() => watched.seen, { timeout: 60_000 }).toEqual(['silent']);
  },
);
