/** @file Bundles as folders of this machine, which appear complete or not at all. They are used where they are. */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openFile, unlessMissing } from '../objects/folder-files.ts';
import { syncFolder, writeSynced } from '../store/write-synced.ts';
import type { BundleStore } from './bundle-store.ts';

export function openFolderBundles(folder: string): BundleStore {
  const root = resolve(folder);
  return {
    name: root,
    at({ directory }) {
      const pathOf = (name: string): string => join(root, directory, name);
      return {
        read: (name) => unlessMissing(readFile(pathOf(name))),
        open: (name) => unlessMissing(openFile(pathOf(name))),
        path: async (name) => pathOf(name),
        keep: async () => {},
      };
    },
    async write(directory, files) {
      const target = join(root, directory);
      const partial = `${target}.partial`;
      try {
        await mkdir(partial, { recursive: true });
        for (const { name, bytes } of files) await writeSynced(join(partial, name), bytes);
        await rename(partial, target);
        await syncFolder(root);
      } catch (error) {
        await rm(partial, { recursive: true, force: true });
        throw error;
      }
    },
    async list(prefix) {
      const names = await readdir(root).catch(() => []);
      return names.filter((name) => name.startsWith(prefix));
    },
    remove: (directory) => rm(join(root, directory), { recursive: true, force: true }),
  };
}
