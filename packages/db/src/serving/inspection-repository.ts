/** @file What was inspected: numbers only, written many at a time and kept for a while. */
import type { Prediction } from '@plumbline/contracts';
import type { Client } from '../client.ts';

export interface InspectionRecord
  extends Pick<
    Prediction,
    | 'model'
    | 'modelVersion'
    | 'category'
    | 'imageScore'
    | 'threshold'
    | 'thresholdProfile'
    | 'predictedLabel'
    | 'uncertain'
    | 'latencyMs'
  > {
  readonly at: Date;
}

/** Removed at once: few enough that nobody waits for the lock. */
const REMOVED_AT_ONCE = 10_000;

export class InspectionRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** All of them or none; those of versions that were deleted meanwhile are left out. */
  async record(inspections: readonly InspectionRecord[]): Promise<void> {
    const column = <Value>(pick: (one: InspectionRecord) => Value) => inspections.map(pick);
    // As text: JSON, which arrays are sent by, has no infinity.
    const float = (pick: (one: InspectionRecord) => number) => column((one) => String(pick(one)));
    await this.#client.$executeRaw`
      INSERT INTO "Inspection" (at, "modelName", "modelVersion", category, "imageScore", threshold, profile,
        "predictedLabel", uncertain, "latencyMs")
      SELECT seen.* FROM unnest(
        ${column(({ at }) => at.toISOString())}::timestamp[], ${column(({ model }) => model)}::text[],
        ${column(({ modelVersion }) => modelVersion)}::int[], ${column(({ category }) => category)}::text[],
        ${float(({ imageScore }) => imageScore)}::float8[], ${float(({ threshold }) => threshold)}::float8[],
        ${column(({ thresholdProfile }) => thresholdProfile)}::int[],
        ${column(({ predictedLabel }) => predictedLabel)}::text[],
        ${column(({ uncertain }) => uncertain)}::bool[], ${float(({ latencyMs }) => latencyMs)}::float8[]) AS seen (at, model, version)
      WHERE EXISTS (SELECT FROM "ModelVersion" v WHERE v."modelName" = seen.model AND v.version = seen.version)`;
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
