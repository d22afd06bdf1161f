/** @file Threshold profiles of model versions: made, listed, activated. Version 1 is the bundle's and lives in its manifest. */
import {
  DomainError,
  type ModelVersion,
  type ThresholdChoice,
  type ThresholdHistory,
  type ThresholdProfile,
  type ThresholdProfileVersion,
  thresholdChoiceSchema,
  thresholdProfileSchema,
} from '@plumbline/contracts';
import { type Client, notFound, type Transaction, toJson } from './client.ts';
import type { ThresholdProfile as Row } from './generated/prisma/client.ts';

/** The profile that comes with a bundle. */
const BUNDLED = 1;
const BUNDLED_BY = 'training run';

type Owner = Pick<ModelVersion, 'model' | 'version'>;

export interface NewThresholdProfile {
  readonly choice: ThresholdChoice;
  readonly profile: ThresholdProfile;
  /** Who makes it. */
  readonly by: string;
}

export class ThresholdRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The profile that serves now. @throws DomainError CONFLICT for results without thresholds. */
  async active(version: ModelVersion): Promise<ThresholdProfileVersion> {
    return this.get(version, version.thresholdProfile);
  }

  /** @throws DomainError NOT_FOUND; CONFLICT for results without thresholds. */
  async get(owner: ModelVersion, number: number): Promise<ThresholdProfileVersion> {
    const bundled = bundledProfile(owner);
    if (number === BUNDLED) return bundled;
    const row = await this.#client.thresholdProfile.findUnique({
      where: { modelName_modelVersion_version: { ...keyOf(owner), version: number } },
    });
    if (row === null) throw profileNotFound(owner, number);
    return toProfileVersion(row, owner.thresholdProfile);
  }

  async history(owner: ModelVersion): Promise<ThresholdHistory> {
    const bundled = bundledProfile(owner);
    const [rows, activations] = await Promise.all([
      this.#client.thresholdProfile.findMany({
        where: keyOf(owner),
        orderBy: { version: 'desc' },
      }),
      this.#client.thresholdActivation.findMany({
        where: keyOf(owner),
        orderBy: { id: 'desc' },
      }),
    ]);
    return {
      profiles: [...rows.map((row) => toProfileVersion(row, owner.thresholdProfile)), bundled],
      activations: [
        ...activations.map(({ version, at, by }) => ({ version, at: at.toISOString(), by })),
        { version: BUNDLED, at: bundled.createdAt, by: bundled.createdBy },
      ],
    };
  }

  /** Stores the next profile and lets it serve, in one transaction. @returns its number */
  async create(owner: Owner, { choice, profile, by }: NewThresholdProfile): Promise<number> {
    return this.#client.$transaction(async (tx) => {
      await lock(tx, owner);
      const last = await tx.thresholdProfile.aggregate({
        where: keyOf(owner),
        _max: { version: true },
      });
      const version = (last._max.version ?? BUNDLED) + 1;
      await tx.thresholdProfile.create({
        data: {
          ...keyOf(owner),
          version,
          choice: toJson(choice),
          profile: toJson(profile),
          note: choice.note,
          createdBy: by,
        },
      });
      await activate(tx, owner, version, by);
      return version;
    });
  }

  /** Lets an earlier profile, or the bundle's, serve again. @throws DomainError NOT_FOUND */
  async activate(owner: Owner, version: number, by: string): Promise<void> {
    await this.#client.$transaction(async (tx) => {
      await lock(tx, owner);
      if (version !== BUNDLED) {
        const known = await tx.thresholdProfile.count({ where: { ...keyOf(owner), version } });
        if (known === 0) throw profileNotFound(owner, version);
      }
      await activate(tx, owner, version, by);
    });
  }
}

function keyOf({ model, version }: Owner): { modelName: string; modelVersion: number } {
  return { modelName: model, modelVersion: version };
}

async function lock(tx: Transaction, { model, version }: Owner): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`thresholds/${model}/${version}`}))`;
}

async function activate(tx: Transaction, owner: Owner, version: number, by: string): Promise<void> {
  await tx.thresholdActivation.create({ data: { ...keyOf(owner), version, by } });
  await tx.modelVersion.update({
    where: { modelName_version: { modelName: owner.model, version: owner.version } },
    data: { activeProfile: version },
  });
}

function bundledProfile({
  model,
  version,
  manifest,
  createdAt,
  thresholdProfile,
}: ModelVersion): ThresholdProfileVersion {
  if (manifest.thresholds === null) {
    throw new DomainError(
      'CONFLICT',
      `${model} version ${version} has no thresholds: imported results have no held-out normal scores.`,
      { field: 'version', fix: 'Name a version that was trained here.' },
    );
  }
  return {
    version: BUNDLED,
    active: thresholdProfile === BUNDLED,
    choice: null,
    note: '',
    createdAt,
    createdBy: BUNDLED_BY,
    profile: manifest.thresholds,
  };
}

function toProfileVersion(row: Row, active: number): ThresholdProfileVersion {
  return {
    version: row.version,
    active: row.version === active,
    choice: thresholdChoiceSchema.parse(row.choice),
    note: row.note,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    profile: thresholdProfileSchema.parse(row.profile),
  };
}

function profileNotFound({ model, version }: Owner, number: number): DomainError {
  return notFound(
    'threshold profile',
    `${model}/${version}/${number}`,
    `See \`plumb thresholds history ${model} ${version}\`.`,
  );
}
