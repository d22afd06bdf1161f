/** @file Whether the dashboard's build is of the sources that are here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import { sourcesHash } from '@plumbline/web/build-id';

/** @throws DomainError UNAVAILABLE when there is no build, or one of other sources. */
export function requireDashboardBuild(webFolder: string): void {
  const built = buildId(webFolder);
  if (built === sourcesHash(webFolder)) return;
  throw new DomainError(
    'UNAVAILABLE',
    built === null
      ? 'The dashboard is not built.'
      : 'The dashboard was built from other sources than those that are here now.',
    { fix: 'Build it with "npm run setup", or start without it: "plumb up --no-web".' },
  );
}

function buildId(webFolder: string): string | null {
  try {
    return readFileSync(join(webFolder, '.next', 'BUILD_ID'), 'utf8').trim();
  } catch {
    return null;
  }
}
