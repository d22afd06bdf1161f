/** @file Every route that is no procedure. */
import { BATCH_ROUTES } from '../batches/batches.routes.ts';
import { BLOB_ROUTES } from '../blobs/blobs.routes.ts';
import { DATASET_EXPORT_ROUTES } from '../datasets/export.routes.ts';
import { INFERENCE_ROUTES } from '../inference/inference.routes.ts';
import { EXPORT_ROUTES } from '../leaderboards/export.routes.ts';
import { LOOKOUT_ROUTES } from '../lookout/lookout.routes.ts';
import { MASK_ROUTES } from '../masks/masks.routes.ts';
import { METRICS_ROUTES } from '../metrics/metrics.routes.ts';
import { BUNDLE_ROUTES } from '../models/bundles.routes.ts';
import { OPEN_INFERENCE_ROUTES } from '../open-inference/open-inference.routes.ts';
import { SESSION_ROUTES } from '../sessions/sessions.routes.ts';
import { SUSPECT_ROUTES } from '../suspects/suspects.routes.ts';
import { SYSTEM_ROUTES } from '../system/system.routes.ts';
import { UPLOAD_ROUTES } from '../uploads/uploads.routes.ts';
import type { RawRoute } from './raw-route.ts';

export const RAW_ROUTES: readonly RawRoute[] = [
  ...INFERENCE_ROUTES,
  ...BATCH_ROUTES,
  ...BUNDLE_ROUTES,
  ...BLOB_ROUTES,
  ...MASK_ROUTES,
  ...SUSPECT_ROUTES,
  ...EXPORT_ROUTES,
  ...DATASET_EXPORT_ROUTES,
  ...UPLOAD_ROUTES,
  ...SESSION_ROUTES,
  ...SYSTEM_ROUTES,
  ...METRICS_ROUTES,
  ...OPEN_INFERENCE_ROUTES,
  ...LOOKOUT_ROUTES,
];
