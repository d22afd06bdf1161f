/**
 * @file Makes a checkout ready: installs dependencies when they are missing or out of date, generates the database
 * client, builds the dashboard. Needs nothing but Node and npm.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command in the project's root and throws when it fails. */
export function runCommand(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: options.quiet ? ['ignore', 2, 2] : 'inherit',
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      NEXT_TELEMETRY_DISABLED: '1',
      TURBO_TELEMETRY_DISABLED: '1',
      ...options.env,
    },
  });
  if (result.error) throw new Error(`"${command}" can't be started: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(`"${command} ${args.join(' ')}" ended with code ${result.status}.`);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  throw new Error(
    `Node ${process.versions.node} is too old: install Node 20.20 or later from https://nodejs.org.`,
  );
}

/** What the installed packages depend on: the lockfile, and the Node version that native parts were chosen for. */
function fingerprint() {
  const hash = createHash('sha256')
    .update(process.versions.modules)
    .update(process.platform)
    .update(process.arch);
  return hash.update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex');
}

function installDependencies(quiet) {
  const stamp = join(ROOT, 'node_modules', '.plumbline-installed');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing dependencies (a few minutes the first time) …');
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip' };
  runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet, env });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/**
 * @param {{ quiet?: boolean, build?: boolean }} options `quiet` keeps standard output free (all goes to standard error);
 * `build: false` leaves the dashboard as it is.
 */
export function setup(options = {}) {
  requireNode();
  const quiet = options.quiet ?? false;
  installDependencies(quiet);
  const turbo = join(ROOT, 'node_modules', 'turbo', 'bin', 'turbo');
  const tasks = options.build === false ? ['generate'] : ['generate', 'build'];
  if (tasks.length > 1) console.error('Building the dashboard (about a minute the first time) …');
  runCommand(
    process.execPath,
    [turbo, 'run', ...tasks, '--output-logs=errors-only', '--ui=stream'],
    { quiet },
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    setup();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
