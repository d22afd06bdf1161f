/** @file Sees that sources changed, for `npm run dev`: which services have to be started anew. */
import { watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export type Service = 'api' | 'trainer';

export interface SourceWatch {
  /** The checkout. */
  readonly root: string;
  /** After a quiet moment, once per service and burst of changes. */
  onChange(service: Service, path: string): void;
}

const SERVICES: readonly Service[] = ['api', 'trainer'];
/** An editor writes a file in several steps, a checkout many files. */
const QUIET_MS = 150;

/** @returns Ends the watching. */
export async function watchSources({ root, onChange }: SourceWatch): Promise<() => void> {
  const waiting = new Map<Service, NodeJS.Timeout>();
  const changed = (services: readonly Service[], path: string) => {
    if (!isSource(path)) return;
    for (const service of services) {
      clearTimeout(waiting.get(service));
      waiting.set(
        service,
        setTimeout(() => onChange(service, path), QUIET_MS),
      );
    }
  };
  const packages = await readdir(join(root, 'packages'));
  const folders = [
    ...packages.map((name) => ({ folder: join('packages', name, 'src'), services: SERVICES })),
    ...SERVICES.map((name) => ({ folder: join('apps', name, 'src'), services: [name] })),
  ];
  const watchers = folders.map(({ folder, services }) =>
    watch(join(root, folder), { recursive: true }, (_, name) => {
      if (name !== null) changed(services, join(folder, name));
    }),
  );
  return () => {
    for (const watcher of watchers) watcher.close();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}

/** What a service runs: no test, nothing that a tool keeps beside it. */
function isSource(path: string): boolean {
  return /\.(ts|mjs|sql|prisma)$/.test(path) && !/\.(test|spec)\.ts$|\/testing\//.test(path);
}
