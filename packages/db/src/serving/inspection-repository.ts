/** @file What was inspected: the numbers, written many at a time and kept for a while; and what operators said of it. */
import {
  type ImageLook,
  type Inspection,
  type JudgeInspectionInput,
  type ListInspectionsInput,
  labelSchema,
  type OperatorVerdict,
  operatorVerdictSchema,
  type Prediction,
} from '@plumbline/contracts';
import { type Client, notFound } from '../client.ts';
import type { Inspection as Row } from '../generated/prisma/client.ts';

export interface InspectionRecord
  extends Pick<
    Prediction,
    | 'inspection'
    | 'model'
    | 'modelVersion'
    | 'category'
    | 'categorySource'
    | 'imageScore'
    | 'threshold'
    | 'thresholdProfile'
    | 'predictedLabel'
    | 'uncertain'
    | 'latencyMs'
  > {
  readonly at: Date;
  readonly look: ImageLook;
}

/** Of one category and label. */
export interface JudgedCount {
  readonly category: string | null;
  readonly predictedLabel: Inspection['predictedLabel'];
  readonly verdict: OperatorVerdict;
  readonly count: number;
}

/** Removed at once: few enough that nobody waits for the lock. */
const REMOVED_AT_ONCE = 10_000;

export class InspectionRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** All of them or none; those of versions that were deleted meanwhile, and those that are recorded already, are left out. */
  async record(inspections: readonly InspectionRecord[]): Promise<void> {
    const column = <Value>(pick: (one: InspectionRecord) => Value) => inspections.map(pick);
    // As text: JSON, which arrays are sent by, has no infinity.
    const float = (pick: (one: InspectionRecord) => number) => column((one) => String(pick(one)));
    await this.#client.$executeRaw`
      INSERT INTO "Inspection" (at, "modelName", "modelVersion", category, "categorySource", "imageScore", threshold, profile,
        "predictedLabel", uncertain, "latencyMs", key, width, height, brightness, sharpness)
      SELECT seen.* FROM unnest(
        ${column(({ at }) => at.toISOString())}::timestamp[], ${column(({ model }) => model)}::text[],
        ${column(({ modelVersion }) => modelVersion)}::int[], ${column(({ category }) => category)}::text[],
        ${column(({ categorySource }) => categorySource)}::text[],
        ${float(({ imageScore }) => imageScore)}::float8[], ${float(({ threshold }) => threshold)}::float8[],
        ${column(({ thresholdProfile }) => thresholdProfile)}::int[],
        ${column(({ predictedLabel }) => predictedLabel)}::text[],
        ${column(({ uncertain }) => uncertain)}::bool[], ${float(({ latencyMs }) => latencyMs)}::float8[],
        ${column(({ inspection }) => inspection)}::uuid[],
        ${column(({ look }) => look.width)}::int[], ${column(({ look }) => look.height)}::int[],
        ${float(({ look }) => look.brightness)}::float8[], ${float(({ look }) => look.sharpness)}::float8[]) AS seen (at, model, version)
      WHERE EXISTS (SELECT FROM "ModelVersion" v WHERE v."modelName" = seen.model AND v.version = seen.version)
      ON CONFLICT (key) DO NOTHING`;
  }

  /** Newest first. */
  async list({
    name,
    version,
    category,
    label,
    limit,
  }: ListInspectionsInput & { readonly version: number }): Promise<Inspection[]> {
    const rows = await this.#client.inspection.findMany({
      where: {
        ...{ modelName: name, modelVersion: version },
        ...(category === undefined ? {} : { category }),
        ...(label === undefined ? {} : { predictedLabel: label }),
      },
      orderBy: { at: 'desc' },
      take: limit,
    });
    return this.#withImages(rows);
  }

  /** Of those whose images are kept, with them. */
  async #withImages(rows: readonly Row[]): Promise<Inspection[]> {
    const kept = await this.#client.keptImage.findMany({
      where: { key: { in: rows.flatMap(({ key }) => key ?? []) } },
      select: { key: true, sha256: true },
    });
    const images = new Map(kept.map(({ key, sha256 }) => [key, sha256]));
    return rows.map((row) => toInspection(row, images.get(row.key ?? '') ?? null));
  }

  /** @throws DomainError NOT_FOUND */
  async get(id: string): Promise<Inspection> {
    const row = await this.#client.inspection.findUnique({ where: { key: id } });
    return this.#only(row, id);
  }

  /** @throws DomainError NOT_FOUND */
  async judge({ id, verdict }: JudgeInspectionInput, by: string): Promise<Inspection> {
    const said = { verdict, verdictBy: by, verdictAt: new Date() };
    const data = verdict === null ? { ...said, verdictBy: null, verdictAt: null } : said;
    const [row] = await this.#client.inspection.updateManyAndReturn({ where: { key: id }, data });
    return this.#only(row ?? null, id);
  }

  async #only(row: Row | null, id: string): Promise<Inspection> {
    const [inspection] = row === null ? [] : await this.#withImages([row]);
    if (inspection === undefined) throw missing(id);
    return inspection;
  }

  /** What operators said, of all that are kept. */
  async judged(model: string, version: number): Promise<JudgedCount[]> {
    const rows = await this.#client.inspection.groupBy({
      by: ['category', 'predictedLabel', 'verdict'],
      where: { modelName: model, modelVersion: version, verdict: { not: null } },
      orderBy: { category: 'asc' },
      _count: true,
    });
    return rows.map(({ category, predictedLabel, verdict, _count }) => ({
      category,
      predictedLabel: labelSchema.parse(predictedLabel),
      verdict: operatorVerdictSchema.parse(verdict),
      count: _count,
    }));
  }

  /** Removes those that are older. @returns How many there were. */
  async removeBefore(oldest: Date): Promise<number> {
    for (let removed = 0; ; ) {
      const count = await this.#client.$executeRaw`
        DELETE FROM "Inspection" WHERE id IN (
          SELECT id FROM "Inspection" WHERE at < ${oldest} ORDER BY at LIMIT ${REMOVED_AT_ONCE})`;
      removed += count;
      if (count < REMOVED_AT_ONCE) return removed;
    }
  }
}

/** @param image SHA-256, where it is kept */
export function toInspection(row: Row, image: string | null): Inspection {
  const { key, at, modelVersion, category, imageScore, threshold, uncertain } = row;
  const { width, height, brightness, sharpness, verdictBy } = row;
  return {
    ...{ id: key, at: at.toISOString(), version: modelVersion, category, imageScore, threshold },
    ...{ uncertain, width, height, brightness, sharpness, verdictBy, image },
    predictedLabel: labelSchema.parse(row.predictedLabel),
    verdict: row.verdict === null ? null : operatorVerdictSchema.parse(row.verdict),
  };
}

function missing(id: string) {
  return notFound(
    'inspection',
    id,
    'Inspections are there about a second after their answer, and as long as PLUMBLINE_INSPECTION_DAYS says.',
  );
}
