/** @file Writes a log until its file may not grow, makes room, and goes on. Argument: the file. */
import { truncateSync } from 'node:fs';
import { openPlatformLog } from '../platform-log.ts';

const path = process.argv[2] ?? '';
const log = openPlatformLog(path);
const say = (text: string) =>
  new Promise<void>((resolve, reject) =>
    log.write(text, (error) => (error ? reject(error) : resolve())),
  );
for (let line = 0; line < 100; line++) await say(`${'x'.repeat(10_000)}\n`);
truncateSync(path);
await say('after\n');
process.stdout.write('alive');
