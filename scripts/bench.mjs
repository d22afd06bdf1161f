/**
 * @file `npm run bench -- <name> [options]`: runs `bench/<name>.bench.ts`; without a name, lists those that exist.
 * For clean JSON on stdout: `npm run --silent bench -- metrics --json`.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const root = join(import.meta.dirname, '..');
const suffix = '.bench.ts';
const names = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort();
const list = names.map((name) => `  npm run bench -- ${name}\n`).join('');

const [name, ...options] = process.argv.slice(2);
if (name === undefined || name === '--help') {
  process.stdout.write(`Benchmarks:\n${list}`);
} else if (!names.includes(name)) {
  process.stderr.write(`There is no benchmark named ${name}. Benchmarks:\n${list}`);
  process.exitCode = 2;
} else {
  const file = join(root, 'bench', `${name}${suffix}`);
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...options], {
    cwd: root,
    stdio: 'inherit',
    // As the supervisor gives it to the trainer.
    env: { UV_THREADPOOL_SIZE: '48', ...process.env },
  });
  // Ctrl-C reaches the child too; waiting for it lets it clean up and set the exit code.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`${name} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}
