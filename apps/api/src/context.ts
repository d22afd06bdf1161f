/** @file What every feature works with: the parts of the platform, and who is asking. */
import type { IncomingHttpHeaders } from 'node:http';
import {
  BROWSER_ADDRESS_HEADER,
  isLoopbackAddress,
  type PlatformHome,
  type S3Access,
} from '@plumbline/contracts';
import type { BackboneStore, BlobStore, Stores } from '@plumbline/data';
import type { Database } from '@plumbline/db';
import type { Credentials } from './access/credentials.ts';
import type { Principal } from './access/principal.ts';
import { sameAddress } from './access/same-address.ts';
import type { AuditLog, Origin } from './audit/audit-log.ts';
import type { BackboneFetches } from './backbones/backbone-fetches.ts';
import { readIdempotencyKey } from './idempotency/claim-of.ts';
import type { CategoryBanks } from './inference/category-banks.ts';
import type { InferencePool } from './inference/inference-pool.ts';
import type { ImageKeeper } from './kept-images/image-keeper.ts';
import type { Admission } from './limits/admission.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { MonitoringOptions } from './monitoring/monitoring-options.ts';
import type { PictureThreads } from './pictures/picture-threads.ts';
import type { InspectionLog } from './serving/inspection-log.ts';
import type { ServedModels } from './serving/served-models.ts';
import type { GuessBrake } from './sessions/guess-brake.ts';
import type { UploadStore } from './uploads/upload-store.ts';
import type { WorkGates } from './work-gates.ts';

export interface Services {
  readonly database: Database;
  readonly credentials: Credentials;
  readonly audit: AuditLog;
  readonly guessBrake: GuessBrake;
  readonly stores: Stores;
  /** Of `stores`. */
  readonly blobs: BlobStore;
  readonly home: PlatformHome;
  readonly backbones: BackboneStore;
  readonly backboneFetches: BackboneFetches;
  readonly inference: InferencePool;
  readonly served: ServedModels;
  readonly inspections: InspectionLog;
  /** Of inspected images, by each model's choice. */
  readonly keptImages: ImageKeeper;
  readonly metrics: Metrics;
  readonly monitoring: MonitoringOptions;
  readonly categoryBanks: CategoryBanks;
  /** Of bodies with images. */
  readonly admission: Admission;
  /** Limit how many images are decoded at once. */
  readonly gates: WorkGates;
  /** Decoding and drawing, off the event loop. */
  readonly pictures: PictureThreads;
  /** Of an image that somebody sends. */
  readonly maxPixels: number;
  readonly uploads: UploadStore;
  /** That batches are kept once they have ended. */
  readonly batchDays: number;
  /** Folders on the server's disk and prefixes in buckets that may be imported from; null: any, by admins. */
  readonly importRoots: readonly string[] | null;
  /** Where these buckets are. */
  readonly s3: S3Access;
  readonly codeVersion: string;
}

export interface Context extends Services {
  readonly principal: Principal;
  readonly origin: Origin;
  /** The header `Idempotency-Key`: a request that is sent twice with it is done once. */
  readonly idempotencyKey: string | null;
}

/** What of a request its context is made of. */
interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly principal: Principal;
  readonly raw: {
    readonly socket: {
      readonly remoteAddress?: string | undefined;
      /** Of this machine. */
      readonly localAddress?: string | undefined;
    };
  };
}

/** For a program on this machine, such as the dashboard, that says whom it asks for: also whom. */
export function originOf({ headers, raw }: Pick<Asked, 'headers' | 'raw'>): Origin {
  const remote = raw.socket.remoteAddress ?? '';
  const browser = headers[BROWSER_ADDRESS_HEADER];
  const isHere = isLoopbackAddress(remote) || sameAddress(remote, raw.socket.localAddress ?? '');
  const isFor = isHere && typeof browser === 'string' && browser !== '';
  return {
    address: isFor ? `${browser}, through ${remote}` : remote,
    client: headers['user-agent'] ?? '',
  };
}

/** @throws DomainError INVALID_INPUT for a key that is none */
export function contextOf(services: Services, request: Asked): Context {
  const key = request.headers['idempotency-key'];
  return {
    ...services,
    principal: request.principal,
    origin: originOf(request),
    idempotencyKey: key === undefined ? null : readIdempotencyKey(key),
  };
}
