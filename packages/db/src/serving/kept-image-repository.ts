/** @file Inspected images that are kept: which ones a model is to keep, what there is, and what goes beyond its limits. */
import {
  DomainError,
  type Keeping,
  type KeptImage,
  type KeptImages,
  keepingSchema,
  type ListKeptImagesInput,
  type SetKeepingInput,
  type ValueRange,
  valueRangeSchema,
} from '@plumbline/contracts';
import { type Client, notFound } from '../client.ts';
import { type Inspection as InspectionRow, Prisma } from '../generated/prisma/client.ts';
import { toInspection } from './inspection-repository.ts';

export interface NewKeptImage {
  readonly inspection: string;
  readonly at: Date;
  readonly model: string;
  readonly modelVersion: number;
  readonly sha256: string;
  readonly bytes: number;
  readonly range: ValueRange | undefined;
}

/** No longer kept; its blob goes with it unless something else has used it since. */
export interface DroppedImage {
  readonly sha256: string;
  readonly storedAt: Date;
}

interface ListedRow extends InspectionRow {
  readonly sha256: string;
  readonly bytes: number;
  readonly takenFor: string | null;
}

const DAY_MS = 86_400_000;
/** A change of a dataset that names an image has ended by then. */
const TAKEN_MS = DAY_MS;
/** The log of inspections has written one by then, or never will. */
const LATE_MS = DAY_MS;
const WRONG = Prisma.sql`('falseAlarm', 'missedDefect')`;

export class KeptImageRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws DomainError NOT_FOUND without the model */
  async keeping(name: string): Promise<Keeping> {
    const model = await this.#client.model.findUnique({ where: { name } });
    if (model === null) throw noModel(name);
    return keepingSchema.parse(model.keeping);
  }

  /** Every API process hears of it. @throws DomainError NOT_FOUND without the model */
  async setKeeping({ name, ...keeping }: SetKeepingInput): Promise<void> {
    const { count } = await this.#client.model.updateMany({ where: { name }, data: { keeping } });
    if (count === 0) throw noModel(name);
  }

  /** Those of versions that were deleted meanwhile are left out. */
  async add(images: readonly NewKeptImage[]): Promise<void> {
    const column = <Value>(pick: (one: NewKeptImage) => Value) => images.map(pick);
    await this.#client.$executeRaw`
      INSERT INTO "KeptImage" (key, at, "modelName", "modelVersion", sha256, bytes, range, "storedAt")
      SELECT seen.*, ${new Date()}::timestamp FROM unnest(
        ${column(({ inspection }) => inspection)}::uuid[], ${column(({ at }) => at.toISOString())}::timestamp[],
        ${column(({ model }) => model)}::text[], ${column(({ modelVersion }) => modelVersion)}::int[],
        ${column(({ sha256 }) => sha256)}::text[], ${column(({ bytes }) => bytes)}::int[],
        ${column(({ range }) => (range === undefined ? null : JSON.stringify(range)))}::jsonb[]) AS seen (key, at, model, version)
      WHERE EXISTS (SELECT FROM "ModelVersion" v WHERE v."modelName" = seen.model AND v.version = seen.version)
      ON CONFLICT DO NOTHING`;
  }

  /** @throws DomainError NOT_FOUND without the model */
  async list({ name, ...asked }: ListKeptImagesInput): Promise<KeptImages> {
    const keeping = await this.keeping(name);
    const { category, version, verdict, limit } = asked;
    const rows = await this.#client.$queryRaw<ListedRow[]>`
      SELECT i.*, k.sha256, k.bytes, k."takenFor" FROM "KeptImage" k JOIN "Inspection" i ON i.key = k.key
      WHERE k."modelName" = ${name}
        ${version === undefined ? Prisma.empty : Prisma.sql`AND k."modelVersion" = ${version}`}
        ${category === undefined ? Prisma.empty : Prisma.sql`AND i.category = ${category}`}
        ${verdict === undefined ? Prisma.empty : Prisma.sql`AND ${judgedAs(verdict)}`}
      ORDER BY k.at DESC LIMIT ${limit}`;
    const total = await this.#client.keptImage.aggregate({
      where: { modelName: name },
      _count: true,
      _sum: { bytes: true },
    });
    return {
      keeping,
      total: { images: total._count, bytes: total._sum.bytes ?? 0 },
      images: rows.map(toKeptImage),
    };
  }

  /**
   * For a change of a dataset: they stay until it had time to end.
   * @throws DomainError INVALID_INPUT naming the first that is not kept
   */
  async take(inspections: readonly string[], dataset: string): Promise<void> {
    await this.find(inspections);
    await this.#client.keptImage.updateMany({
      where: { key: { in: [...inspections] } },
      data: { takenAt: new Date(), takenFor: dataset },
    });
  }

  /** @returns SHA-256 by inspection. @throws DomainError INVALID_INPUT naming the first that is not kept */
  async find(inspections: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#client.keptImage.findMany({
      where: { key: { in: [...inspections] } },
      select: { key: true, sha256: true },
    });
    const found = new Map(rows.map(({ key, sha256 }) => [key, sha256]));
    const missing = inspections.find((inspection) => !found.has(inspection));
    if (missing === undefined) return found;
    throw new DomainError('INVALID_INPUT', `The image of the inspection ${missing} is not kept.`, {
      field: 'changes',
      fix: 'Take inspections from "plumb models kept <name>"; add other images from their files.',
    });
  }

  /** The kept image with these bytes. */
  async findBlob(sha256: string): Promise<{ range: ValueRange | undefined } | null> {
    const row = await this.#client.keptImage.findFirst({ where: { sha256 } });
    if (row === null) return null;
    return { range: row.range === null ? undefined : valueRangeSchema.parse(row.range) };
  }

  /** Models with kept images. */
  async models(): Promise<string[]> {
    const rows = await this.#client.keptImage.findMany({
      distinct: ['modelName'],
      select: { modelName: true },
    });
    return rows.map(({ modelName }) => modelName);
  }

  /** Forgets what is beyond the limits of a model, and those whose inspection is forgotten. */
  async trim(name: string, now = Date.now()): Promise<DroppedImage[]> {
    const { maxImages, maxBytes, maxDays } = await this.keeping(name);
    return this.#client.$queryRaw<DroppedImage[]>`
      WITH ranked AS (
        SELECT k.key, k.at, i.key IS NULL AS "isForgotten", row_number() OVER newest AS number,
          sum(k.bytes) OVER newest AS total
        FROM "KeptImage" k LEFT JOIN "Inspection" i ON i.key = k.key
        WHERE k."modelName" = ${name}
          AND (k."takenAt" IS NULL OR k."takenAt" < ${new Date(now - TAKEN_MS)}::timestamp)
        WINDOW newest AS (ORDER BY COALESCE(i.verdict IN ${WRONG}, false) DESC, k.at DESC, k.key
          ROWS UNBOUNDED PRECEDING))
      DELETE FROM "KeptImage" k USING ranked WHERE ranked.key = k.key AND (
        ranked.number > ${maxImages} OR ranked.total > ${maxBytes}
        OR ranked.at < ${new Date(now - maxDays * DAY_MS)}::timestamp
        OR (ranked."isForgotten" AND ranked.at < ${new Date(now - LATE_MS)}::timestamp))
      RETURNING k.sha256, k."storedAt"`;
  }
}

function judgedAs(verdict: NonNullable<ListKeptImagesInput['verdict']>): Prisma.Sql {
  if (verdict === 'wrong') return Prisma.sql`i.verdict IN ${WRONG}`;
  if (verdict === 'unjudged') return Prisma.sql`i.verdict IS NULL`;
  return Prisma.sql`i.verdict = ${verdict}`;
}

function toKeptImage({ sha256, bytes, takenFor, ...row }: ListedRow): KeptImage {
  const { id, ...inspection } = toInspection(row, sha256);
  return { ...inspection, id: id ?? '', image: sha256, bytes, addedTo: takenFor };
}

function noModel(name: string): DomainError {
  return notFound('model', name, 'List the models with `plumb models list`.');
}
