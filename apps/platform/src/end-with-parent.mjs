/**
 * @file Runs a Node program as a child and ends it when standard input closes, which happens when the parent is gone,
 * even by kill -9. For programs that don't watch their parent themselves.
 */
import { spawn } from 'node:child_process';

const child = spawn(process.execPath, process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'inherit'],
});
const end = () => child.kill('SIGTERM');
child.on('exit', (code) => process.exit(code ?? 1));
process.stdin.on('end', end).on('error', end).resume();
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, end);
