/** @file Dataset versions and their samples. */
import {
  type CategoryRegions,
  type CategorySummary,
  type DatasetDetail,
  type DatasetManifest,
  type DatasetSummary,
  type DatasetVersion,
  DomainError,
  datasetEditSchema,
  type GivenProvenance,
  type ImportReport,
  ignoreRegionsSchema,
  importReportSchema,
  type ListSamplesInput,
  type MaskRule,
  type NearDuplicates,
  NO_PROVENANCE,
  type Provenance,
  type SamplePage,
  saidProvenance,
  sampleSchema,
  type ValueRange,
  versionLabel,
} from '@plumbline/contracts';
import { type Client, isUniqueViolation, notFound } from './client.ts';
import { findVersion } from './find-dataset-version.ts';
import type { DatasetVersion as DatasetVersionRow } from './generated/prisma/client.ts';
import { insertVersion, type NewVersion } from './insert-dataset-version.ts';
import { SamplePages } from './sample-pages.ts';

export interface StoredManifest {
  readonly version: number;
  readonly manifest: DatasetManifest;
  readonly hash: string;
  readonly datasetVersion: string;
  /** Null where nobody has looked for them. */
  readonly nearDuplicates: NearDuplicates | null;
  readonly categories: readonly CategorySummary[];
  readonly createdAt: Date;
  /** Of the dataset. */
  readonly provenance: Provenance;
}

/** What a dataset takes some bytes for. */
export type FoundBlob =
  | { readonly kind: 'image'; readonly range: ValueRange | undefined }
  | { readonly kind: 'mask'; readonly rule: MaskRule | undefined };

const PREVIEW_IMAGES = 6;

export class DatasetRepository {
  readonly #client: Client;
  readonly #pages: SamplePages;

  constructor(client: Client) {
    this.#client = client;
    this.#pages = new SamplePages(client);
  }

  /**
   * Stores a version, all or nothing, and marks its import as succeeded. Once an import, however often called.
   * @param input.attempt At the import.
   * @param input.assertStored Throws unless all images are in the blob store; no sweep comes in between.
   * @throws DomainError CONFLICT when the name is taken; of an edit, when a later version was made meanwhile.
   * @throws SupersededError
   */
  async create(input: NewVersion): Promise<DatasetDetail> {
    const { name } = input;
    try {
      await this.#client.$transaction((tx) => insertVersion(tx, input), { timeout: 120_000 });
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken(name);
      throw error;
    }
    return this.get(name);
  }

  /** The latest version of each. */
  async list(): Promise<DatasetSummary[]> {
    return this.#summaries(await this.#latest());
  }

  /** @param version The latest when absent. */
  async get(name: string, version?: number): Promise<DatasetDetail> {
    const [detail] = await this.#details([await this.#find(name, version)]);
    if (detail === undefined) throw new Error('One version has one detail.');
    return detail;
  }

  /** License and source, as far as they are said. @throws DomainError NOT_FOUND */
  async update(name: string, given: GivenProvenance): Promise<DatasetDetail> {
    const data = saidProvenance(given, await this.#provenance(name));
    await this.#client.dataset.updateMany({ where: { name }, data });
    return this.get(name);
  }

  /** The latest version of those names that there is a dataset of. */
  async details(names: readonly string[]): Promise<DatasetDetail[]> {
    return names.length === 0 ? [] : this.#details(await this.#latest(names));
  }

  /** Latest first. */
  async versions(name: string): Promise<DatasetVersion[]> {
    const latest = await this.#find(name);
    const rows = await this.#client.datasetVersion.findMany({
      where: { datasetName: name },
      orderBy: { version: 'desc' },
      omit: { report: true },
    });
    return rows.map((row) => ({
      version: row.version,
      datasetVersion: versionLabel(row.version, row.hash),
      createdAt: row.createdAt.toISOString(),
      images: row.images,
      sameTestSet: row.testSet === latest.testSet,
      edit: row.edit === null ? null : datasetEditSchema.parse(row.edit),
    }));
  }

  /** Labels of the versions whose test images, labels and masks are those of `version`, itself included. */
  async versionsWithTestSetOf(name: string, version: number): Promise<string[]> {
    const { testSet } = await this.#find(name, version);
    const rows = await this.#client.datasetVersion.findMany({
      where: { datasetName: name, testSet },
      select: { version: true, hash: true },
    });
    return rows.map((row) => versionLabel(row.version, row.hash));
  }

  async exists(name: string): Promise<boolean> {
    return (await this.#client.dataset.count({ where: { name } })) > 0;
  }

  samples(input: ListSamplesInput): Promise<SamplePage> {
    return this.#pages.read(input);
  }

  /** @param version The latest when absent. */
  async manifest(name: string, version?: number): Promise<StoredManifest> {
    const row = await this.#find(name, version);
    const rows = await this.#client.sample.findMany({
      where: { datasetName: name, version: row.version },
      orderBy: { position: 'asc' },
    });
    const samples = rows.map((sample) => sampleSchema.parse(sample.data));
    const { nearDuplicates = null, categories } = importReportSchema.parse(row.report);
    return {
      version: row.version,
      manifest: { formatVersion: 1, layout: row.layout, samples, ...ignoreOf(row) },
      hash: row.hash,
      datasetVersion: versionLabel(row.version, row.hash),
      nearDuplicates,
      categories,
      createdAt: row.createdAt,
      provenance: await this.#provenance(name),
    };
  }

  /** For a version whose import did not look for them; once, whoever comes first. */
  async keepNearDuplicates(
    { name, version }: { readonly name: string; readonly version: number },
    { nearDuplicates, warnings }: Required<Pick<ImportReport, 'nearDuplicates' | 'warnings'>>,
  ): Promise<void> {
    await this.#client.$executeRaw`
      UPDATE "DatasetVersion" SET report = report || jsonb_build_object(
        'nearDuplicates', ${JSON.stringify(nearDuplicates)}::jsonb,
        'warnings', (report -> 'warnings') || ${JSON.stringify(warnings)}::jsonb)
      WHERE "datasetName" = ${name} AND version = ${version} AND NOT report ? 'nearDuplicates'`;
  }

  /** The image or mask with these bytes, of the newest dataset that has it. */
  async findBlob(sha256: string): Promise<FoundBlob | null> {
    const row = await this.#client.sample.findFirst({
      where: { OR: [{ imageSha256: sha256 }, { maskSha256: sha256 }] },
      orderBy: { owner: { createdAt: 'desc' } },
      select: { data: true },
    });
    if (row === null) return null;
    const { image, range, maskRule } = sampleSchema.parse(row.data);
    return image.sha256 === sha256 ? { kind: 'image', range } : { kind: 'mask', rule: maskRule };
  }

  async #provenance(name: string): Promise<Provenance> {
    const select = { license: true, source: true };
    const found = await this.#client.dataset.findUnique({ where: { name }, select });
    if (found !== null) return found;
    throw notFound('dataset', name, 'Import it first, or see `plumb datasets list`.');
  }

  async #find(name: string, version?: number): Promise<DatasetVersionRow> {
    const found = await findVersion(this.#client, name, version);
    return this.#client.datasetVersion.findUniqueOrThrow({
      where: { datasetName_version: { datasetName: name, version: found.version } },
    });
  }

  /** The newest dataset first; of all names when absent. */
  async #latest(names?: readonly string[]): Promise<DatasetVersionRow[]> {
    const datasets = await this.#client.dataset.findMany({
      ...(names === undefined ? {} : { where: { name: { in: [...names] } } }),
      orderBy: { createdAt: 'desc' },
      include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
    });
    return datasets.flatMap(({ versions }) => versions);
  }

  async #details(rows: readonly DatasetVersionRow[]): Promise<DatasetDetail[]> {
    const summaries = await this.#summaries(rows);
    const datasets = await this.#client.dataset.findMany({
      where: { name: { in: rows.map(({ datasetName }) => datasetName) } },
      select: { name: true, license: true, source: true },
    });
    const byName = new Map(datasets.map(({ name, ...provenance }) => [name, provenance]));
    return summaries.map((summary, index) => ({
      ...summary,
      provenance: byName.get(summary.name) ?? NO_PROVENANCE,
      report: importReportSchema.parse(rows[index]?.report),
      ...ignoreOf(rows[index]),
    }));
  }

  /** With the first training image of each of a few categories, found in one statement for all. */
  async #summaries(rows: readonly DatasetVersionRow[]): Promise<DatasetSummary[]> {
    const first = await this.#client.$queryRaw<{ name: string; version: number; sha256: string }[]>`
      SELECT owner."datasetName" AS name, owner.version, first."imageSha256" AS sha256
      FROM unnest(${rows.map(({ datasetName }) => datasetName)}::text[], ${rows.map(({ version }) => version)}::int[])
        AS asked (name, version)
      JOIN "DatasetVersion" owner ON owner."datasetName" = asked.name AND owner.version = asked.version
      CROSS JOIN LATERAL jsonb_array_elements(owner.report -> 'categories') AS listed (summary)
      CROSS JOIN LATERAL (
        SELECT "imageSha256", position FROM "Sample"
        WHERE "datasetName" = asked.name AND version = asked.version AND split = 'train'
          AND category = listed.summary ->> 'name'
        ORDER BY position LIMIT 1) first
      ORDER BY first.position`;
    return rows.map((row) => ({
      name: row.datasetName,
      version: row.version,
      datasetVersion: versionLabel(row.version, row.hash),
      hash: row.hash,
      createdAt: row.createdAt.toISOString(),
      images: row.images,
      bytes: Number(row.bytes),
      categories: importReportSchema.parse(row.report).categories.length,
      preview: first
        .filter(({ name, version }) => name === row.datasetName && version === row.version)
        .slice(0, PREVIEW_IMAGES)
        .map(({ sha256 }) => sha256),
    }));
  }
}

function ignoreOf(row: Pick<DatasetVersionRow, 'ignore'> | undefined): {
  ignore?: CategoryRegions[];
} {
  return row?.ignore == null ? {} : { ignore: ignoreRegionsSchema.parse(row.ignore) };
}

export function nameTaken(name: string): DomainError {
  return new DomainError('CONFLICT', `A dataset named "${name}" exists already.`, {
    field: 'name',
    fix: 'Choose another name.',
  });
}
