/** @file Model versions, their results on the test split, and which version serves and served. */
import {
  assertTrained,
  DomainError,
  type ImageChoice,
  type ImageResult,
  imageResultSchema,
  type ModelSummary,
  type ModelVersion,
  type PromotionEvent,
  type VersionManifest,
  type VersionSelector,
} from '@plumbline/contracts';
import { type Client, notFound, type Transaction, toJson } from './client.ts';
import { holdDataset } from './find-dataset-version.ts';
import { Prisma } from './generated/prisma/client.ts';
import type { Attempt } from './jobs/attempt.ts';
import { lockOrigin } from './jobs/lock-origin.ts';
import { ManifestCache } from './manifest-cache.ts';
import { type LatestRow, toSummary } from './model-rows.ts';
import { letServe, toPromotionEvent } from './promotion.ts';
import { lockModel } from './runs/run-rules.ts';
import { assertVersion, modelNotFound, numberOf } from './version-selectors.ts';

export interface Publication {
  /** At the training run, or the result import, that is ended. */
  readonly attempt: Attempt;
  readonly manifest: VersionManifest;
  /** Relative to the platform's bundle folder. */
  readonly bundleDirectory: string;
  readonly bundleHash: string;
  readonly sizeBytes: number;
  readonly images: readonly ImageResult[];
}

/** As the history of promotions names who promoted a first version. */
const PUBLISHED_BY = 'training run';

export class ModelRepository {
  readonly #client: Client;
  readonly #manifests: ManifestCache;

  constructor(client: Client) {
    this.#client = client;
    this.#manifests = new ManifestCache(client);
  }

  /**
   * Gives the bundle the next version number and ends its run, in one transaction; once a run, however often called. The
   * first version of a model serves from then on, unless it holds imported results.
   * @throws SupersededError
   */
  async publish(publication: Publication): Promise<ModelVersion> {
    const { attempt, manifest } = publication;
    const runId = attempt.id;
    const version = await this.#client.$transaction(async (tx) => {
      await holdDataset(tx, manifest.lineage.dataset);
      await lockModel(tx, manifest.model);
      await lockOrigin(tx, originOf(manifest), attempt);
      const published = await tx.modelVersion.findUnique({ where: { runId } });
      if (published !== null) return published.version;
      const model = { name: manifest.model, datasetName: manifest.lineage.dataset };
      const known = await tx.model.upsert({
        where: { name: model.name },
        create: model,
        update: {},
      });
      if (known.datasetName !== model.datasetName) {
        throw new DomainError(
          'CONFLICT',
          `The model "${model.name}" belongs to the dataset "${known.datasetName}".`,
          { field: 'model', fix: 'Use another model name.' },
        );
      }
      const { versionsMade: next } = await tx.model.update({
        where: { name: model.name },
        data: { versionsMade: { increment: 1 } },
      });
      await tx.modelVersion.create({
        data: {
          modelName: model.name,
          version: next,
          runId,
          manifest: toJson(manifest),
          bundleHash: publication.bundleHash,
          bundleDirectory: publication.bundleDirectory,
          sizeBytes: BigInt(publication.sizeBytes),
        },
      });
      await tx.$executeRaw`
        INSERT INTO "ImageResult" ("modelName", version, position, data)
        SELECT ${model.name}, ${next}, * FROM unnest(
          ${publication.images.map((_, index) => index)}::int[], ${publication.images.map((image) => JSON.stringify(image))}::jsonb[])`;
      const serves = next === 1 && known.promotedVersion === null && manifest.kind !== 'external';
      if (serves) await letServe(tx, model.name, next, PUBLISHED_BY);
      await endOrigin(tx, publication, next, serves);
      return next;
    });
    return this.get(manifest.model, version);
  }

  /** Reads the latest version of each model alone, in one statement for all. */
  async list(): Promise<ModelSummary[]> {
    const rows = await this.#client.$queryRaw<LatestRow[]>`
      SELECT model.name, model."datasetName" AS dataset, model."promotedVersion", latest.version, latest.manifest,
        latest."createdAt", (SELECT count(*)::int FROM "ModelVersion" WHERE "modelName" = model.name) AS versions
      FROM "Model" model CROSS JOIN LATERAL (
        SELECT version, manifest, "createdAt" FROM "ModelVersion" WHERE "modelName" = model.name
        ORDER BY version DESC LIMIT 1) latest
      ORDER BY latest."createdAt" DESC`;
    return rows.map(toSummary);
  }

  /** All versions of the models of a dataset, or of all models. */
  async all(dataset: string | null): Promise<ModelVersion[]> {
    const rows = await this.#client.modelVersion.findMany({
      ...(dataset === null ? {} : { where: { model: { datasetName: dataset } } }),
      omit: { manifest: true },
      include: { model: { select: { promotedVersion: true } } },
      orderBy: [{ modelName: 'asc' }, { version: 'desc' }],
    });
    return this.#manifests.complete(rows, (row) => row.model.promotedVersion);
  }

  /** Newest first. @throws DomainError NOT_FOUND without the model. */
  async versions(name: string): Promise<ModelVersion[]> {
    const model = await this.#client.model.findUnique({
      where: { name },
      include: { versions: { omit: { manifest: true }, orderBy: { version: 'desc' } } },
    });
    if (model === null || model.versions.length === 0) throw modelNotFound(name);
    return this.#manifests.complete(model.versions, () => model.promotedVersion);
  }

  /** Reads the one version, however many there are. @throws DomainError NOT_FOUND */
  async get(name: string, selector: VersionSelector | 'latest' = 'latest'): Promise<ModelVersion> {
    const model = await this.#client.model.findUnique({ where: { name } });
    if (model === null) throw modelNotFound(name);
    const { promotedVersion } = model;
    const version = await numberOf(this.#client, model, selector);
    const row = await this.#client.modelVersion.findFirst({
      where: { modelName: name, ...(version === 'latest' ? {} : { version }) },
      omit: { manifest: true },
      orderBy: { version: 'desc' },
    });
    const [found] = await this.#manifests.complete(
      row === null ? [] : [row],
      () => promotedVersion,
    );
    if (found !== undefined) return found;
    const numbers = await this.#client.modelVersion.findMany({
      where: { modelName: name },
      orderBy: { version: 'desc' },
      select: { version: true },
    });
    if (numbers.length === 0) throw modelNotFound(name);
    throw notFound(
      'version',
      `${name}/${selector}`,
      `It has the versions ${numbers.map((one) => one.version).join(', ')}.`,
    );
  }

  /**
   * Those of these folders that are no version's, of runs and imports that have ended, or were deleted so long ago.
   * @param folders With what made them.
   */
  async unpublished(
    folders: readonly { readonly name: string; readonly origin: string }[],
    graceMs: number,
  ): Promise<string[]> {
    const [names, origins] = [folders.map(({ name }) => name), folders.map(({ origin }) => origin)];
    const rows = await this.#client.$queryRaw<{ name: string }[]>`
      SELECT folder.name FROM unnest(${names}::text[], ${origins}::text[]) AS folder (name, origin)
      WHERE NOT EXISTS (SELECT FROM "ModelVersion" WHERE "bundleDirectory" = folder.name)
        AND folder.origin IN (
          SELECT id FROM "TrainingRun" WHERE status NOT IN ('queued', 'running')
          UNION ALL SELECT id FROM "ResultImport" WHERE status NOT IN ('queued', 'running')
          UNION ALL SELECT unnest(origins) FROM "Deletion" WHERE at <= ${new Date(Date.now() - graceMs)})`;
    return rows.map((row) => row.name);
  }

  /** Those of these hashes that no version's bundle has. */
  async unknownBundles(hashes: readonly string[]): Promise<string[]> {
    const rows = await this.#client.modelVersion.findMany({
      where: { bundleHash: { in: [...hashes] } },
      select: { bundleHash: true },
    });
    const known = new Set(rows.map(({ bundleHash }) => bundleHash));
    return hashes.filter((hash) => !known.has(hash));
  }

  async bundleDirectory(name: string, version: number): Promise<string> {
    const row = await this.#client.modelVersion.findUnique({
      where: { modelName_version: { modelName: name, version } },
      select: { bundleDirectory: true },
    });
    if (row === null) throw notFound('version', `${name}/${version}`, 'See `plumb models show`.');
    return row.bundleDirectory;
  }

  /**
   * Lets a version serve.
   * @param by who asks, as the history names them
   * @returns The version that served until now, null when none did.
   * @throws DomainError NOT_FOUND; CONFLICT for results without a graph.
   */
  async promote(name: string, version: number, by: string): Promise<number | null> {
    assertTrained(await this.get(name, version));
    return this.#client.$transaction(async (tx) => {
      await lockModel(tx, name);
      await assertVersion(tx, name, version);
      return letServe(tx, name, version, by);
    });
  }

  /** Which version began to serve when, newest first. @throws DomainError NOT_FOUND without the model. */
  async promotions(name: string): Promise<PromotionEvent[]> {
    await this.get(name);
    const rows = await this.#client.promotionEvent.findMany({
      where: { modelName: name },
      orderBy: { id: 'desc' },
    });
    return rows.map(toPromotionEvent);
  }

  /** What a version says of one test image; null when that was none of them. */
  async findImage(name: string, version: number, sha256: string): Promise<ImageResult | null> {
    const row = await this.#client.imageResult.findFirst({
      where: { modelName: name, version, data: { path: ['sha256'], equals: sha256 } },
    });
    return row === null ? null : imageResultSchema.parse(row.data);
  }

  /** All, unless they are to be of one category or label, or so many. */
  async images(
    name: string,
    version: number,
    { limit, ...fields }: ImageChoice = {},
  ): Promise<ImageResult[]> {
    const asked = Object.entries(fields).flatMap(([field, value]) =>
      value === undefined ? [] : { data: { path: [field], equals: value } },
    );
    const rows = await this.#client.imageResult.findMany({
      where: {
        modelName: name,
        version,
        AND: asked,
      },
      orderBy: { position: 'asc' },
      ...(limit === undefined ? {} : { take: limit }),
    });
    return rows.map((row) => imageResultSchema.parse(row.data));
  }
}

function originOf(manifest: VersionManifest): Prisma.Sql {
  return manifest.kind === 'external' ? Prisma.sql`"ResultImport"` : Prisma.sql`"TrainingRun"`;
}

/** Marks what made the version as succeeded, and says whether it serves. */
async function endOrigin(
  tx: Transaction,
  { attempt, manifest }: Publication,
  version: number,
  serves: boolean,
): Promise<void> {
  const runId = attempt.id;
  const ended = { status: 'succeeded', modelVersion: version, finishedAt: new Date() };
  if (manifest.kind === 'external') {
    await tx.resultImport.update({ where: { id: runId }, data: ended });
    return;
  }
  const published = `Published ${manifest.model} version ${version}.`;
  const message = serves
    ? `${published} It is the model's first version, so it answers predictions now.`
    : published;
  await tx.trainingRun.update({
    where: { id: runId },
    data: { ...ended, stage: 'done', progress: 1, etaSeconds: null, message },
  });
  await tx.runLog.create({ data: { runId, severity: 'info', text: message } });
}
