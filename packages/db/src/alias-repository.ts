/** @file Aliases: names by which requests ask for a version of a model, and which can come to point to another one. */
import {
  type AliasChange,
  assertTrained,
  CHAMPION,
  type ModelAlias,
  versionManifestSchema,
} from '@plumbline/contracts';
import { type Client, notFound } from './client.ts';
import type { ModelAlias as Row } from './generated/prisma/client.ts';
import { toModelVersion } from './model-rows.ts';
import { lockModel } from './runs/run-rules.ts';
import { aliasNotFound, modelNotFound } from './version-selectors.ts';

export interface NewAlias {
  readonly alias: string;
  readonly version: number;
  /** Who sets it. */
  readonly by: string;
}

export class AliasRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** `champion` first, while a version is promoted; then by name. @throws DomainError NOT_FOUND without the model. */
  async list(name: string): Promise<ModelAlias[]> {
    const model = await this.#client.model.findUnique({ where: { name } });
    if (model === null) throw modelNotFound(name);
    const rows = await this.#client.modelAlias.findMany({
      where: { modelName: name },
      orderBy: { alias: 'asc' },
    });
    const { promotedVersion: version } = model;
    const champion = version === null ? [] : [{ alias: CHAMPION, version, by: null, at: null }];
    return [...champion, ...rows.map(toAlias)];
  }

  /**
   * @returns Where it pointed to, beside where it points now.
   * @throws DomainError NOT_FOUND; CONFLICT for results without a graph
   */
  async set(name: string, { alias, version, by }: NewAlias): Promise<AliasChange> {
    return this.#client.$transaction(async (tx) => {
      await lockModel(tx, name);
      const found = await tx.modelVersion.findUnique({
        where: { modelName_version: { modelName: name, version } },
      });
      if (found === null)
        throw notFound('version', `${name}/${version}`, `See \`plumb models show ${name}\`.`);
      assertTrained(toModelVersion(found, null, versionManifestSchema.parse(found.manifest)));
      const key = { modelName_alias: { modelName: name, alias } };
      const before = await tx.modelAlias.findUnique({ where: key });
      if (before?.version === version) return { ...toAlias(before), replaced: version };
      const row = await tx.modelAlias.upsert({
        where: key,
        create: { modelName: name, alias, version, by },
        update: { version, by, at: new Date() },
      });
      return { ...toAlias(row), replaced: before?.version ?? null };
    });
  }

  /** @throws DomainError NOT_FOUND */
  async remove(name: string, alias: string): Promise<void> {
    const { count } = await this.#client.modelAlias.deleteMany({
      where: { modelName: name, alias },
    });
    if (count === 0) throw aliasNotFound(name, alias);
  }
}

function toAlias({ alias, version, by, at }: Row): ModelAlias {
  return { alias, version, by, at: at.toISOString() };
}
