/** @file What layouts tell of decisions they took. */
import type { ImportWarning } from '@plumbline/contracts';
import { count, listed } from '../import/report-words.ts';

export function noteValidation(files: readonly string[]): ImportWarning[] {
  if (files.length === 0) return [];
  const message = `${count(files.length, 'image')} of validation folders (${listed(files)}) become training images: training holds out images for the thresholds on its own.`;
  return [{ code: 'VALIDATION_TRAINED', category: null, message }];
}

/** @param why As in `come without ground truth`. */
export function noteLeftOut(files: readonly string[], why: string): ImportWarning[] {
  if (files.length === 0) return [];
  const message = `${count(files.length, 'image')} left out that ${why} (${listed(files)}).`;
  return [{ code: 'LEFT_OUT', category: null, message }];
}

/** Anomalous images that the dataset would train with. */
export function noteMoved(files: readonly string[]): ImportWarning[] {
  if (files.length === 0) return [];
  const message = `${count(files.length, 'anomalous image')} of the training split (${listed(files)}) become test images: only normal images are trained with.`;
  return [{ code: 'ANOMALIES_MOVED', category: null, message }];
}

/** @param why As in `have no annotation`. */
export function noteTakenAsNormal(files: readonly string[], why: string): ImportWarning[] {
  if (files.length === 0) return [];
  const message = `${count(files.length, 'image')} that ${why} (${listed(files)}) are taken as normal.`;
  return [{ code: 'TAKEN_AS_NORMAL', category: null, message }];
}
