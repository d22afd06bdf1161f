/** @file The dashboard in Chromium, page by page on one platform: what a test makes, the next ones look at. */
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { accessPages } from './dashboard/access.ts';
import { everyPage } from './dashboard/everywhere.ts';
import { firstSteps } from './dashboard/first-steps.ts';
import { inBrowser } from './dashboard/in-browser.ts';
import { inspectPages } from './dashboard/inspect.ts';
import { leaderboardPages } from './dashboard/leaderboards.ts';
import { modelPages } from './dashboard/models.ts';
import { runPages } from './dashboard/runs.ts';
import { uploads } from './dashboard/uploads.ts';
import { versions } from './dashboard/versions.ts';
import { browserMissing } from './support/browser.ts';
import { Scene } from './support/scene.ts';

describe.skipIf(browserMissing !== null)(
  `the dashboard in Chromium${browserMissing === null ? '' : ` (${browserMissing})`}`,
  () => {
    const scene = new Scene();
    beforeAll(() => scene.start());
    afterAll(() => scene.end());
    afterEach(() => {
      expect(scene.dashboard.problems.splice(0)).toEqual([]);
    });

    firstSteps(scene);
    runPages(scene);
    modelPages(scene);
    leaderboardPages(scene);
    inspectPages(scene);
    inBrowser(scene);
    accessPages(scene);
    everyPage(scene);
    uploads(scene);
    versions(scene);
  },
);
