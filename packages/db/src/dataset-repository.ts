/** @file Dataset versions and their samples. */
import {
  type CategorySummary,
  type DatasetDetail,
  type DatasetManifest,
  type DatasetSummary,
  DomainError,
  type ImportReport,
  importReportSchema,
  type ListSamplesInput,
  type MaskRule,
  type NearDuplicates,
  type Sample,
  type SamplePage,
  sampleSchema,
  type ValueRange,
  versionLabel,
} from '@plumbline/contracts';
import { holdOffSweeps } from './blob-references.ts';
import { type Client, isUniqueViolation, notFound, type Transaction, toJson } from './client.ts';
import { type Dataset, Prisma } from './generated/prisma/client.ts';
import type { Attempt } from './jobs/attempt.ts';
import { lockOrigin } from './jobs/lock-origin.ts';

export interface ImportedDataset {
  readonly manifest: DatasetManifest;
  readonly hash: string;
  readonly report: ImportReport;
}

export interface StoredManifest {
  readonly manifest: DatasetManifest;
  readonly hash: string;
  readonly datasetVersion: string;
  /** Null where nobody has looked for them. */
  readonly nearDuplicates: NearDuplicates | null;
  readonly categories: readonly CategorySummary[];
}

/** What a dataset takes some bytes for. */
export type FoundBlob =
  | { readonly kind: 'image'; readonly range: ValueRange | undefined }
  | { readonly kind: 'mask'; readonly rule: MaskRule | undefined };

const PREVIEW_IMAGES = 6;

export class DatasetRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /**
   * Stores a version, all or nothing, and marks its import as succeeded. Once an import, however often called.
   * @param input.attempt At the import.
   * @param input.assertStored Throws unless all images are in the blob store; no sweep comes in between.
   * @throws DomainError CONFLICT when the name is taken.
   * @throws SupersededError
   */
  async create(input: {
    name: string;
    imported: ImportedDataset;
    attempt?: Attempt;
    assertStored?(): Promise<void>;
  }): Promise<DatasetDetail> {
    const { name, imported, attempt } = input;
    const { report, manifest, hash } = imported;
    try {
      await this.#client.$transaction(
        async (tx) => {
          if (attempt !== undefined) {
            const status = await lockOrigin(tx, Prisma.sql`"DatasetImport"`, attempt);
            if (status === 'succeeded') return;
          }
          await holdOffSweeps(tx);
          await input.assertStored?.();
          const data = {
            name,
            version: 1,
            hash,
            layout: report.layout,
            images: report.images,
            bytes: BigInt(report.bytes),
            report: toJson(report),
          };
          await tx.dataset.create({ data });
          await insertSamples(tx, name, manifest.samples);
          if (attempt !== undefined) {
            await tx.datasetImport.update({
              where: { id: attempt.id },
              data: { status: 'succeeded', finishedAt: new Date() },
            });
          }
        },
        { timeout: 120_000 },
      );
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken(name);
      throw error;
    }
    return this.get(name);
  }

  async list(): Promise<DatasetSummary[]> {
    const rows = await this.#client.dataset.findMany({ orderBy: { createdAt: 'desc' } });
    return Promise.all(rows.map((row) => this.#summary(row)));
  }

  async get(name: string): Promise<DatasetDetail> {
    const row = await this.#find(name);
    return { ...(await this.#summary(row)), report: importReportSchema.parse(row.report) };
  }

  async exists(name: string): Promise<boolean> {
    return (await this.#client.dataset.count({ where: { name } })) > 0;
  }

  async samples(input: ListSamplesInput): Promise<SamplePage> {
    await this.#find(input.name);
    const where = {
      datasetName: input.name,
      ...(input.category === undefined ? {} : { category: input.category }),
      ...(input.split === undefined ? {} : { split: input.split }),
      ...(input.label === undefined ? {} : { label: input.label }),
      ...(input.defectType === undefined ? {} : { defectType: input.defectType }),
    };
    const [total, rows] = await Promise.all([
      this.#client.sample.count({ where }),
      this.#client.sample.findMany({
        where,
        orderBy: { position: 'asc' },
        skip: input.offset,
        take: input.limit,
      }),
    ]);
    return { total, samples: rows.map((row) => sampleSchema.parse(row.data)) };
  }

  async manifest(name: string): Promise<StoredManifest> {
    const row = await this.#find(name);
    const rows = await this.#client.sample.findMany({
      where: { datasetName: name },
      orderBy: { position: 'asc' },
    });
    const samples = rows.map((sample) => sampleSchema.parse(sample.data));
    const { nearDuplicates = null, categories } = importReportSchema.parse(row.report);
    return {
      manifest: { formatVersion: 1, layout: row.layout, samples },
      hash: row.hash,
      datasetVersion: versionLabel(row.version, row.hash),
      nearDuplicates,
      categories,
    };
  }

  /** For a version whose import did not look for them; once, whoever comes first. */
  async keepNearDuplicates(
    name: string,
    { nearDuplicates, warnings }: Required<Pick<ImportReport, 'nearDuplicates' | 'warnings'>>,
  ): Promise<void> {
    await this.#client.$executeRaw`
      UPDATE "Dataset" SET report = report || jsonb_build_object(
        'nearDuplicates', ${JSON.stringify(nearDuplicates)}::jsonb,
        'warnings', (report -> 'warnings') || ${JSON.stringify(warnings)}::jsonb)
      WHERE name = ${name} AND NOT report ? 'nearDuplicates'`;
  }

  /** The image or mask with these bytes, of the newest dataset that has it. */
  async findBlob(sha256: string): Promise<FoundBlob | null> {
    const row = await this.#client.sample.findFirst({
      where: { OR: [{ imageSha256: sha256 }, { maskSha256: sha256 }] },
      orderBy: { dataset: { createdAt: 'desc' } },
      select: { data: true },
    });
    if (row === null) return null;
    const { image, range, maskRule } = sampleSchema.parse(row.data);
    return image.sha256 === sha256 ? { kind: 'image', range } : { kind: 'mask', rule: maskRule };
  }

  async #find(name: string): Promise<Dataset> {
    const row = await this.#client.dataset.findUnique({ where: { name } });
    if (row === null)
      throw notFound(
        'dataset',
        name,
        'List the datasets with `plumb datasets list`, or import it first.',
      );
    return row;
  }

  async #summary(row: Dataset): Promise<DatasetSummary> {
    const report = importReportSchema.parse(row.report);
    const first = await this.#client.sample.findMany({
      where: { datasetName: row.name, split: 'train' },
      distinct: ['category'],
      orderBy: { position: 'asc' },
      take: PREVIEW_IMAGES,
      select: { imageSha256: true },
    });
    return {
      name: row.name,
      version: row.version,
      datasetVersion: versionLabel(row.version, row.hash),
      hash: row.hash,
      createdAt: row.createdAt.toISOString(),
      images: row.images,
      bytes: Number(row.bytes),
      categories: report.categories.length,
      preview: first.map((sample) => sample.imageSha256),
    };
  }
}

export function nameTaken(name: string): DomainError {
  return new DomainError('CONFLICT', `A dataset named "${name}" exists already.`, {
    field: 'name',
    fix: 'Choose another name.',
  });
}

/** One statement for all rows: `createMany` is ten times slower. */
async function insertSamples(
  tx: Transaction,
  name: string,
  samples: readonly Sample[],
): Promise<void> {
  const column = (pick: (sample: Sample) => string | null) => samples.map(pick);
  await tx.$executeRaw`
    INSERT INTO "Sample" ("datasetName", position, category, split, label, "defectType", "imageSha256", "maskSha256", data)
    SELECT ${name}, * FROM unnest(
      ${samples.map((_, index) => index)}::int[], ${column((s) => s.category)}::text[], ${column((s) => s.split)}::text[],
      ${column((s) => s.label)}::text[], ${column((s) => s.defectType)}::text[], ${column((s) => s.image.sha256)}::text[],
      ${column((s) => s.mask?.sha256 ?? null)}::text[], ${column((s) => JSON.stringify(s))}::jsonb[])`;
}
