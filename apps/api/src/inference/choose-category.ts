/** @file Whose thresholds an inspection uses: the category that was named, the model's only one, or the one found from the image. */
import {
  type CategoryBank,
  type ChosenCategory,
  DomainError,
  findCategory,
  isUnfamiliar,
  knownCategories,
  POOLED,
  settledCategory,
  votedCategory,
} from '@plumbline/contracts';
import type { CategoryBanks } from './category-banks.ts';
import type { ServedModel } from './served-model.ts';

/** What is settled before the image has been looked at, or the bank that it is to be found by. */
export type CategoryPlan =
  | { readonly kind: 'settled'; readonly chosen: ChosenCategory }
  | { readonly kind: 'find'; readonly bank: CategoryBank };

/**
 * @param asked A category, or `pooled` for the one threshold of all; a category that has that name is the category.
 * @throws DomainError INVALID_INPUT for a category that the model doesn't know, and for none where it can't find it.
 */
export async function planCategory(
  banks: CategoryBanks,
  served: ServedModel,
  asked: string | undefined,
): Promise<CategoryPlan> {
  const { version } = served;
  const { manifest } = version;
  const known = knownCategories(manifest);
  if (asked !== undefined) {
    if (known.includes(asked)) return settled('given', asked);
    if (asked === POOLED) return settled('given', null);
    const trained = manifest.categoryBank === undefined ? [] : (await banks.of(served)).names;
    if (trained.includes(asked)) return settled('given', asked);
    throw new DomainError('INVALID_INPUT', `The model knows no category "${asked}".`, {
      field: 'category',
      fix: `Use one of ${[...new Set([...known, ...trained])].sort().join(', ')}; leave it out to have the category found from the image; or use ${POOLED} for one threshold for all categories.`,
    });
  }
  const [only, ...others] = known;
  if (only !== undefined && others.length === 0) return settled('found', only);
  if (manifest.categoryBank !== undefined) return { kind: 'find', bank: manifest.categoryBank };
  throw new DomainError(
    'INVALID_INPUT',
    `${version.model} version ${version.version} was trained before categories were found from the image: name the category.`,
    {
      field: 'category',
      fix: `Use one of ${known.join(', ')}, or ${POOLED} for one threshold for all categories, which misses more. A version that you train now finds the category by itself.`,
    },
  );
}

/**
 * @param descriptor Of the image, by the version's graph; null when that has no such output.
 * @throws DomainError UNAVAILABLE when the bundle's bank can't be read or is of another graph.
 */
export async function chooseCategory(
  banks: CategoryBanks,
  served: ServedModel,
  plan: CategoryPlan,
  descriptor: Float32Array | null,
): Promise<ChosenCategory> {
  if (plan.kind === 'settled')
    return { ...plan.chosen, unfamiliar: await unfamiliarOf(banks, served, descriptor) };
  const bank = await banks.of(served);
  if (descriptor?.length !== bank.size) {
    throw new DomainError(
      'UNAVAILABLE',
      'The bundle’s model.onnx and its bank don’t belong together.',
      {
        field: 'category',
        fix: 'Put the files of the bundle back, or name the category with each image.',
      },
    );
  }
  return votedCategory(findCategory(bank, descriptor, plan.bank));
}

/** Null where the bank can't tell, or can't be read: the category is known without. */
async function unfamiliarOf(
  banks: CategoryBanks,
  served: ServedModel,
  descriptor: Float32Array | null,
): Promise<boolean | null> {
  const reach = served.version.manifest.categoryBank?.reach;
  if (reach === undefined || descriptor === null) return null;
  const bank = await banks.of(served).catch(() => null);
  return bank === null ? null : isUnfamiliar(bank, descriptor, reach);
}

function settled(source: 'given' | 'found', category: string | null): CategoryPlan {
  return { kind: 'settled', chosen: settledCategory(source, category) };
}
