/** @file How far inspections have drifted: what is compared, what came of it, and when that changed. */
import {
  type CategoryDrift,
  type DriftEvent,
  type DriftFeature,
  type DriftState,
  type DriftWindow,
  driftEventSchema,
  driftMessage,
  driftReferenceSchema,
  driftStateSchema,
  type FeatureDrift,
  featureDriftSchema,
  type ImageLook,
  imageLookSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { type Client, type Transaction, toJson } from '../client.ts';
import type { DriftCheck as CheckRow } from '../generated/prisma/client.ts';
import { queueWebhook } from './webhook-deliveries.ts';

const DAY_MS = 86_400_000;
const EVENTS_LISTED = 50;

interface Owner {
  readonly model: string;
  readonly version: number;
}

/** What is compared of one inspection; null where it was not recorded. */
export type SeenImage = Pick<Inspected, 'imageScore'> & { readonly look: ImageLook | null };

interface Inspected {
  readonly imageScore: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly brightness: number | null;
  readonly sharpness: number | null;
}

export interface LookReference {
  readonly source: 'training' | 'firstInspections';
  readonly looks: readonly ImageLook[];
}

export interface NewCheck {
  readonly category: string | null;
  readonly state: DriftState;
  readonly features: readonly FeatureDrift[];
}

const SEEN = { imageScore: true, width: true, height: true, brightness: true, sharpness: true };

export class DriftRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Of one category. */
  async window(
    owner: Owner,
    category: string | null,
    { inspections, days }: DriftWindow,
  ): Promise<SeenImage[]> {
    const rows = await this.#client.inspection.findMany({
      where: { ...keyOf(owner), category, at: { gte: new Date(Date.now() - days * DAY_MS) } },
      orderBy: { at: 'desc' },
      take: inspections,
      select: SEEN,
    });
    return rows.map(toSeen);
  }

  /** How the first images of a category looked that the version inspected. */
  async firstLooks(owner: Owner, category: string | null, count: number): Promise<ImageLook[]> {
    const rows = await this.#client.inspection.findMany({
      where: { ...keyOf(owner), category, brightness: { not: null } },
      orderBy: { at: 'asc' },
      take: count,
      select: SEEN,
    });
    return rows.flatMap((row) => toSeen(row).look ?? []);
  }

  async lookReference(owner: Owner, category: string | null): Promise<LookReference | null> {
    const row = await this.#client.driftReference.findUnique({
      where: { modelName_modelVersion_category: { ...keyOf(owner), category: category ?? '' } },
    });
    if (row === null) return null;
    const source = driftReferenceSchema.exclude(['heldOut']).parse(row.source);
    return { source, looks: z.array(imageLookSchema).parse(row.looks) };
  }

  /** The first one stays. */
  async keepLookReference(
    owner: Owner,
    category: string | null,
    { source, looks }: LookReference,
  ): Promise<void> {
    const data = { ...keyOf(owner), category: category ?? '', source, looks: looks.map(toJson) };
    await this.#client.driftReference.createMany({ data: [data], skipDuplicates: true });
  }

  /**
   * One check of a version, by one process at a time. Where a state becomes another it writes down the event, and queues a message
   * of those that concern `warning` and `drifted`.
   * @param decide what is found, given what was found before
   */
  async check(
    owner: Owner,
    { at, webhook }: { readonly at: Date; readonly webhook: boolean },
    decide: (before: readonly CategoryDrift[]) => readonly NewCheck[],
  ): Promise<void> {
    await this.#client.$transaction(async (tx) => {
      const { model, version } = owner;
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`drift/${model}/${version}`}))`;
      const before = await checksOf(tx, owner);
      for (const check of decide(before)) {
        const last = before.find(({ category }) => category === check.category);
        await store(tx, owner, { ...check, at, last });
        const event = eventOf(check, last?.state ?? 'notEnough', at);
        if (event === null) continue;
        await tx.driftEvent.create({
          data: { ...keyOf(owner), ...event, category: event.category ?? '' },
        });
        if (webhook && isOfNote(event))
          await queueWebhook(tx, (id) =>
            driftMessage({ id, model, version }, event, check.features),
          );
      }
    });
  }

  /** By the last check, the worst first. */
  async checks(owner: Owner): Promise<CategoryDrift[]> {
    const order: DriftState[] = ['drifted', 'warning', 'ok', 'notEnough'];
    const found = await checksOf(this.#client, owner);
    return found.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  }

  /** Of the versions that serve. */
  async promotedChecks(): Promise<(CategoryDrift & { readonly model: string })[]> {
    const rows = await this.#client.$queryRaw<CheckRow[]>`
      SELECT c.* FROM "DriftCheck" c
      JOIN "Model" m ON m.name = c."modelName" AND m."promotedVersion" = c."modelVersion"`;
    return rows.map((row) => ({ ...toCheck(row), model: row.modelName }));
  }

  /** Newest first. */
  async events(owner: Owner): Promise<DriftEvent[]> {
    const rows = await this.#client.driftEvent.findMany({
      where: keyOf(owner),
      orderBy: { id: 'desc' },
      take: EVENTS_LISTED,
    });
    return rows.map(({ at, category, ...row }) =>
      driftEventSchema.parse({ ...row, at: at.toISOString(), category: category || null }),
    );
  }

  async removeEventsBefore(oldest: Date): Promise<void> {
    await this.#client.driftEvent.deleteMany({ where: { at: { lt: oldest } } });
  }
}

async function checksOf(client: Transaction, owner: Owner): Promise<CategoryDrift[]> {
  const rows = await client.driftCheck.findMany({
    where: keyOf(owner),
    orderBy: { category: 'asc' },
  });
  return rows.map(toCheck);
}

async function store(
  tx: Transaction,
  owner: Owner,
  {
    category,
    state,
    features,
    at,
    last,
  }: NewCheck & { readonly at: Date; readonly last: CategoryDrift | undefined },
): Promise<void> {
  const key = { ...keyOf(owner), category: category ?? '' };
  const since = last?.state === state ? new Date(last.since) : at;
  const data = { state, since, checkedAt: at, features: features.map(toJson) };
  await tx.driftCheck.upsert({
    where: { modelName_modelVersion_category: key },
    create: { ...key, ...data },
    update: data,
  });
}

function eventOf({ category, state, features }: NewCheck, from: DriftState, at: Date) {
  if (from === state) return null;
  const of: DriftFeature[] = features
    .filter((one) => one.state === state)
    .map(({ feature }) => feature);
  return { at: at.toISOString(), category, from, to: state, features: of };
}

/** That there are enough images now, and nothing is wrong, is no message. */
function isOfNote({ from, to }: Pick<DriftEvent, 'from' | 'to'>): boolean {
  return [from, to].some((state) => state === 'warning' || state === 'drifted');
}

function toSeen({ imageScore, width, height, brightness, sharpness }: Inspected): SeenImage {
  const isWhole = width !== null && height !== null && brightness !== null && sharpness !== null;
  return { imageScore, look: isWhole ? { width, height, brightness, sharpness } : null };
}

function toCheck({ category, state, since, checkedAt, features }: CheckRow): CategoryDrift {
  return {
    category: category || null,
    state: driftStateSchema.parse(state),
    since: since.toISOString(),
    checkedAt: checkedAt.toISOString(),
    features: z.array(featureDriftSchema).parse(features),
  };
}

function keyOf({ model, version }: Owner): { modelName: string; modelVersion: number } {
  return { modelName: model, modelVersion: version };
}
