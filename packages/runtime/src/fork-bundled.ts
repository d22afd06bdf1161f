/**
 * @file Starts a TypeScript file as a child process without tsx in it: what the file imports is made one piece of JavaScript here,
 * once, and sent to each child. A child then starts in a quarter of the processor time, which those that compute meanwhile keep.
 */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ChildBundle {
  /** Path of the entry, which lists of processes show. */
  readonly entry: string;
  readonly code: string;
}

/**
 * @param entry File URL of the TypeScript entry. It and what it imports have no use for `import.meta` and await nothing at top level.
 * @param packages That are loaded from where they are; all others become part of it.
 */
export async function bundleChild(entry: URL, packages: readonly string[]): Promise<ChildBundle> {
  const path = fileURLToPath(entry);
  const { build, stop } = await import('esbuild');
  try {
    const { outputFiles } = await build({
      ...{ entryPoints: [path], bundle: true, write: false, sourcemap: 'inline' },
      ...{ platform: 'node', format: 'iife', target: `node${process.versions.node}` },
      external: [...packages],
    });
    return { entry: path, code: outputFiles.map(({ text }) => text).join('') };
  } finally {
    await stop();
  }
}

/** As `forkTypeScript`. */
export function forkBundled(
  { entry, code }: ChildBundle,
  args: readonly string[],
  options: ForkOptions,
): ChildProcess {
  const boot = fileURLToPath(new URL('./bundled-child.mjs', import.meta.url));
  const child = fork(boot, [entry, ...args], { ...options, serialization: 'advanced' });
  // Without any listener a fork that fails (EAGAIN, EMFILE) or a message to a dead child would end this process.
  child.on('error', () => {});
  if (child.connected) child.send(code, () => {});
  return child;
}
