import { defineConfig } from 'vitest/config';

/** A state that is waited for may come late on a busy machine; by default `expect.poll` gives it a second. */
const PATIENT = { poll: { timeout: 50_000 } };

/** Tests beside the code: `*.test.ts` are unit tests, `*.int.test.ts` use real parts, `e2e/` the whole. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: [
            '{packages,apps}/*/src/**/*.test.ts',
            'tooling/testing/*.test.ts',
            'bench/**/*.test.ts',
          ],
          exclude: ['**/*.int.test.ts', '**/node_modules/**'],
          // Modules are loaded once per worker, not per file: half of the time went there. What a test stubs, it puts back.
          isolate: false,
          testTimeout: 60_000,
          expect: PATIENT,
        },
      },
      {
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{packages,apps}/*/src/**/*.int.test.ts'],
          setupFiles: ['tooling/testing/no-group-kill.ts', 'tooling/testing/no-leftovers.ts'],
          testTimeout: 180_000,
          expect: PATIENT,
          hookTimeout: 180_000,
          pool: 'forks',
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['e2e/**/*.spec.ts'],
          setupFiles: ['tooling/testing/no-group-kill.ts'],
          testTimeout: 600_000,
          expect: PATIENT,
          hookTimeout: 600_000,
          pool: 'forks',
          // Each file has a platform of its own, and waits more than it computes.
          maxWorkers: 2,
        },
      },
    ],
  },
});
