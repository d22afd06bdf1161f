/**
 * @file Requests that schemathesis (https://schemathesis.readthedocs.io) makes of the OpenAPI document, valid and not: no answer is
 * a defect, and each has a status, a content type and a form that the document has. Takes minutes, so only where the variable
 * SCHEMATHESIS names the program (CONTRIBUTING.md).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startTestPlatform } from '../testing/test-platform.ts';

const PROGRAM = process.env['SCHEMATHESIS'] ?? '';
const REQUESTS = 10_000;
/** For each address, beside those that each has for its edges. */
const DEFAULT_EXAMPLES = 60;
const EXAMPLES = process.env['SCHEMATHESIS_EXAMPLES'] ?? String(DEFAULT_EXAMPLES);
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

test.skipIf(PROGRAM === '')(
  `${REQUESTS} mutated requests find no defect (skipped without SCHEMATHESIS=<program>)`,
  { timeout: 1_800_000 },
  async () => {
    // Nothing listens there: no backbone is fetched from its publisher.
    const platform = await startTestPlatform({ backboneMirror: 'http://127.0.0.1:9' });
    try {
      await platform.addDataset('parts');
      await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
      const args = [
        ...['run', `${platform.url}/openapi.json`, '--checks', CHECKS.join(',')],
        ...['--phases', 'examples,coverage,fuzzing', '--max-examples', EXAMPLES, '--seed', '1'],
        ...['--continue-on-failure', '--no-shrink', '--suppress-health-check', 'all'],
        // It knows no way to write `application/offset+octet-stream`.
        ...['--exclude-operation-id', 'uploads-append'],
      ];
      const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => (said += chunk));
      await once(child, 'close');
      // What the program itself can't do (patterns that Python has no words for) it lists as errors.
      const summary = said.slice(said.lastIndexOf(' SUMMARY '));
      expect(summary, said.slice(-20_000)).toMatch(/Operations:[\s\S]*Test cases:/);
      expect(summary, said.slice(-20_000)).not.toContain('Failures:');
      const generated = Number(/(\d+) generated/.exec(summary)?.[1]);
      console.info(`${generated} requests`);
      expect(generated).toBeGreaterThan(Number(EXAMPLES) < DEFAULT_EXAMPLES ? 0 : REQUESTS);
      expect((await fetch(`${platform.url}/healthz`)).status).toBe(200);
    } finally {
      await platform.stop();
    }
  },
);
