/** @file Aliases: names by which requests ask for a version of a model, and which can come to point to another one. */
import { type AliasChange, CHAMPION, type ModelAlias } from '@plumbline/contracts';
import type { Client } from './client.ts';
import type { ModelAlias as Row } from './generated/prisma/client.ts';
import { lockModel } from './runs/run-rules.ts';
import { aliasNotFound, assertVersion, modelNotFound } from './version-selectors.ts';

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
   * To a version that was trained: `assertTrained` knows.
   * @returns Where it pointed to, beside where it points now.
   * @throws DomainError NOT_FOUND
   */
  async set(name: string, { alias, version, by }: NewAlias): Promise<AliasChange> {
    return this.#client.$transaction(async (tx) => {
      await lockModel(tx, name);
      await assertVersion(tx, name, version);
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
