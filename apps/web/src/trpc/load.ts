/** @file Loading for server components: a failure becomes something to show, an unknown name a 404 page. */
import 'server-only';
import type { ErrorBody } from '@plumbline/contracts';
import { notFound } from 'next/navigation';
import { errorBodyOf } from './errors.ts';

export type Loaded<T> = { ok: true; data: T } | { ok: false; error: ErrorBody };

export async function load<T>(request: Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, data: await request };
  } catch (error) {
    return { ok: false, error: errorBodyOf(error) };
  }
}

/** Like `load`, for a thing named in the URL. */
export async function loadNamed<T>(request: Promise<T>): Promise<Loaded<T>> {
  const result = await load(request);
  if (!result.ok && result.error.code === 'NOT_FOUND') notFound();
  return result;
}
