/** @file Which inspected images a model keeps, and those that it has kept. */
import type {
  Keeping,
  KeptImages,
  ListKeptImagesInput,
  SetKeepingInput,
} from '@plumbline/contracts';
import type { Services } from '../context.ts';

/** @throws DomainError NOT_FOUND */
export async function listKeptImages(
  { database, inspections, keptImages }: Services,
  input: ListKeptImagesInput,
): Promise<KeptImages> {
  // Whoever asks at once after an inspection is faster than both logs.
  await inspections.flush();
  await keptImages.flush();
  return database.keptImages.list(input);
}

/** Holds here when it returns, and in other API processes in a moment. @throws DomainError NOT_FOUND */
export async function setKeeping(
  { database, served, keptImages }: Services,
  input: SetKeepingInput,
): Promise<Keeping> {
  await database.keptImages.setKeeping(input);
  await served.refresh(input.name);
  await keptImages.trim(input.name);
  return database.keptImages.keeping(input.name);
}
