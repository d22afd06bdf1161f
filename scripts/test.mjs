/**
 * @file `npm test`: sets the checkout up, then checks and tests everything. The last line is `N passed, N failed`.
 * Arguments go to vitest (`npm test -- packages/eval`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, runCommand, setup } from './setup.mjs';

const bin = (name, file) => join(ROOT, 'node_modules', name, file);
const node = process.execPath;
const turbo = bin('turbo', 'bin/turbo');

const CHECKS = [
  ['lockfile', node, ['scripts/check-lockfile.mjs']],
  [
    'lint and format',
    node,
    [bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.'],
  ],
  ['sizes', node, ['scripts/sizes.mjs']],
  ['unused', node, [bin('knip', 'bin/knip.js'), '--no-progress', '--treat-config-hints-as-errors']],
  ['boundaries', node, [turbo, 'boundaries']],
  [
    'types',
    node,
    [turbo, 'run', 'typecheck', '--concurrency=2', '--output-logs=errors-only', '--ui=stream'],
  ],
  ['types of the tests', node, [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.json']],
];

let passed = 0;
let failed = 0;

function attempt(name, run) {
  try {
    run();
    passed++;
    console.log(`ok: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${name}: ${error instanceof Error ? error.message : error}`);
  }
}

function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-test-'));
  const report = join(folder, 'report.json');
  const args = [
    bin('vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const result = spawnSync(node, [...args, ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    passed += counts.numPassedTests;
    failed += counts.numFailedTests;
    const brokenFiles = counts.testResults.filter(
      (f) => f.status === 'failed' && f.assertionResults.length === 0,
    ).length;
    failed += brokenFiles;
    if (counts.numPendingTests > 0)
      console.log(
        `${counts.numPendingTests} skipped (what they need is absent; their names say what).`,
      );
    if (result.status !== 0 && counts.numFailedTests + brokenFiles === 0) failed++;
  } catch {
    failed++;
    console.log('FAILED: vitest wrote no report.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  setup();
  for (const [name, command, args] of CHECKS) attempt(name, () => runCommand(command, args));
  runVitest();
} catch (error) {
  failed++;
  console.log(error instanceof Error ? error.message : error);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
