/**
 * @file Tries something in a child process, so that a driver that crashes or hangs ends nothing else. The child calls
 * `answerProbe`, the parent `probeInChild`.
 */
import { forkTypeScript } from './fork-typescript.ts';

export type ProbeAnswer =
  /** Milliseconds are null when no time was taken. */
  | { readonly ok: true; readonly milliseconds: number | null }
  | { readonly ok: false; readonly reason: string };

const TIMEOUT_MS = 60_000;
/** A driver may hang when its process ends, after it has answered. */
const END_GRACE_MS = 2_000;

/**
 * @param entry TypeScript file that calls `answerProbe`.
 * @returns What it answered, or how it ended without an answer.
 */
export function probeInChild(
  entry: URL,
  args: readonly string[],
  timeoutMs = TIMEOUT_MS,
): Promise<ProbeAnswer> {
  // Its output is the driver's; what it has to say comes back as the reason.
  const child = forkTypeScript(entry, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return new Promise((resolve) => {
    const kill = () => child.kill('SIGKILL');
    let timer = setTimeout(() => {
      resolve({ ok: false, reason: `no answer within ${timeoutMs / 1000} s` });
      kill();
    }, timeoutMs);
    child.once('message', (answer: ProbeAnswer) => {
      clearTimeout(timer);
      timer = setTimeout(kill, END_GRACE_MS);
      resolve(answer);
    });
    child.once('error', (error) => resolve({ ok: false, reason: error.message }));
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({
        ok: false,
        reason: `the process that tried it ended with ${signal ?? `code ${code}`}`,
      });
    });
  });
}

/**
 * In the child: tries, tells the parent, ends.
 * @param attempt Returns milliseconds, or null when it takes no time; throws to say why it does not work.
 */
export async function answerProbe(attempt: () => Promise<number | null>): Promise<void> {
  process.on('disconnect', () => process.exit(0));
  const answer = await attempt().then(
    (milliseconds): ProbeAnswer => ({ ok: true, milliseconds }),
    (error: unknown): ProbeAnswer => ({ ok: false, reason: firstLine(error) }),
  );
  process.send?.(answer, undefined, undefined, () => process.exit(0));
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] || 'it failed').replace(/\.$/, '');
}
