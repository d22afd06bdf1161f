/** @file Children as bad drivers make them. Argument: what becomes of it. */
import { answerProbe } from '../probe-in-child.ts';

const FATES: Readonly<Record<string, () => Promise<number | null>>> = {
  works: async () => 7,
  fails: async () => {
    throw new Error('no such card.\nat /somewhere');
  },
  crashes: async () => {
    process.kill(process.pid, 'SIGSEGV');
    return new Promise(() => {});
  },
  exits: async () => process.exit(3),
  hangs: () => new Promise(() => setInterval(() => {}, 1_000)),
  'hangs at its end': async () => {
    process.exit = (() => {
      for (;;);
    }) as typeof process.exit;
    return 7;
  },
};

await answerProbe(FATES[process.argv[2] ?? ''] ?? (async () => null));
