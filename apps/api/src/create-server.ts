/** @file Puts the API together: access check, errors, tRPC, REST, raw routes, documentation. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DriftWindow, PlatformHome, S3Access } from '@plumbline/contracts';
import { openBackboneStore, type Stores } from '@plumbline/data';
import type { Database } from '@plumbline/db';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import Fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify';
import { type GuardedRoute, guardRoutes } from './access/access-hook.ts';
import { Credentials } from './access/credentials.ts';
import { type AppRouter, appRouter } from './app-router.ts';
import { AuditLog } from './audit/audit-log.ts';
import { BackboneFetches } from './backbones/backbone-fetches.ts';
import { type BatchWorker, startBatchWorker } from './batches/batch-worker.ts';
import { BATCH_ROUTES } from './batches/batches.routes.ts';
import { BLOB_ROUTES } from './blobs/blobs.routes.ts';
import { contextOf, type Services } from './context.ts';
import { DATASET_EXPORT_ROUTES } from './datasets/export.routes.ts';
import { describeError, isDefect } from './errors/describe-error.ts';
import { answerError, handleErrors, RETRY_AFTER_SECONDS } from './errors/error-handler.ts';
import { assertPlainText } from './errors/plain-text.ts';
import { requestIdOf } from './errors/request-id.ts';
import { logRequests } from './errors/request-log.ts';
import { CategoryBanks } from './inference/category-banks.ts';
import { inferenceRoutes } from './inference/inference.routes.ts';
import { InferencePool, type InferencePoolOptions } from './inference/inference-pool.ts';
import { ImageKeeper } from './kept-images/image-keeper.ts';
import { EXPORT_ROUTES } from './leaderboards/export.routes.ts';
import { Admission } from './limits/admission.ts';
import { RateLimit } from './limits/rate-limit.ts';
import { securityHeaders } from './limits/security-headers.ts';
import { cutSlowBodies } from './limits/slow-bodies.ts';
import { lookoutRoutes } from './lookout/lookout.routes.ts';
import { maskRoutes } from './masks/masks.routes.ts';
import { METRICS_ROUTES } from './metrics/metrics.routes.ts';
import { createMetrics } from './metrics/metrics.ts';
import { registerPlatformMetrics } from './metrics/platform-metrics.ts';
import { measureRequests } from './metrics/request-metrics.ts';
import { BUNDLE_ROUTES } from './models/bundles.routes.ts';
import { checkDrift } from './monitoring/check-drift.ts';
import { startDriftMonitor } from './monitoring/drift-monitor.ts';
import { openInferenceRoutes } from './open-inference/open-inference.routes.ts';
import { openApiRoutes } from './openapi/openapi.routes.ts';
import { PictureThreads } from './pictures/picture-threads.ts';
import { registerRoutes } from './raw-routes/register-routes.ts';
import { restRoutes } from './rest/rest.routes.ts';
import { InspectionLog } from './serving/inspection-log.ts';
import { startRetention } from './serving/retention.ts';
import { ServedModels } from './serving/served-models.ts';
import { GuessBrake } from './sessions/guess-brake.ts';
import { sessionRoutes } from './sessions/sessions.routes.ts';
import { SUSPECT_ROUTES } from './suspects/suspects.routes.ts';
import { SYSTEM_ROUTES } from './system/system.routes.ts';
import { UploadStore } from './uploads/upload-store.ts';
import { uploadRoutes } from './uploads/uploads.routes.ts';
import { createWorkGates } from './work-gates.ts';

export interface ServerDependencies {
  readonly database: Database;
  readonly stores: Stores;
  readonly home: PlatformHome;
  /** An admin's. Null: programs on this machine need no key, and others are answered for one of the database only. */
  readonly apiKey: string | null;
  /** Whether programs on this machine need a key as well; where there is one, if absent. */
  readonly needsKey?: boolean;
  /** Names that the API answers to beside this machine's own, with a key. */
  readonly allowedHosts?: readonly string[];
  readonly codeVersion: string;
  /** Folders on the server's disk and prefixes in buckets that may be imported from; any, by admins, if absent. */
  readonly importRoots?: readonly string[] | null;
  /** Where these buckets are; as the AWS configuration of the machine says, if absent. */
  readonly s3?: S3Access;
  /** In place of the publisher's address of backbones. */
  readonly backboneMirror?: string | null;
  readonly inference?: InferencePoolOptions;
  /** Of an image that somebody sends. */
  readonly maxPixels?: number;
  /** That inspections are kept. */
  readonly inspectionDays?: number;
  /** That the audit log is kept. */
  readonly auditDays?: number;
  /** That batches are kept once they have ended. */
  readonly batchDays?: number;
  /** What inspections are compared with the reference by. */
  readonly drift?: Partial<DriftWindow>;
  /** Whether changes of drift are sent somewhere. */
  readonly hasWebhook?: boolean;
  readonly bodyTimeoutMs?: number;
  /** Requests per minute of one key or person; 0: no limit. */
  readonly rateLimit?: number;
  readonly logger?: FastifyServerOptions['logger'];
}

export interface ApiServer {
  readonly app: FastifyInstance;
  readonly inference: InferencePool;
  readonly served: ServedModels;
  /** All of them, with the least role of each. */
  readonly routes: readonly GuardedRoute[];
  /** Takes batches from the queue from now on. */
  startBatches(): Promise<BatchWorker>;
  /** Ends connections and inference processes; the database is the caller's. */
  close(): Promise<void>;
}

/** A batch of procedures is one path: `/trpc/a.b,c.d,…`. */
const MAX_PATH_PART = 5_000;
/** 50 megapixels: 150 MB once decoded. */
const DEFAULT_MAX_PIXELS = 50e6;
/** A body that has not come after this long is cut off. */
const BODY_TIMEOUT_MS = 60_000;
/** A page of the dashboard asks for some ten at once. One batch is one request to the rate limit. */
const MOST_IN_A_BATCH = 20;
/** Uploads that nobody went on with are looked for so often. */
const TIDY_EVERY_MS = 6 * 3_600_000;
/** A day or a week of most lines, and few enough to follow a change within hours. */
const DRIFT_WINDOW: DriftWindow = { inspections: 500, days: 7 };
/** Long enough to come back to after a weekend. */
const BATCH_DAYS = 7;
/** Requests under way get this long to finish. */
const DRAIN_MS = 1_500;

export async function createServer(dependencies: ServerDependencies): Promise<ApiServer> {
  const { home } = dependencies;
  await mkdir(home.uploads, { recursive: true });
  const inference = new InferencePool(dependencies.inference);
  const services = createServices(dependencies, inference);
  const { database, inspectionDays, auditDays } = dependencies;
  const { keptImages, batchDays } = services;
  const retention = startRetention({ database, keptImages, inspectionDays, auditDays, batchDays });
  const driftMonitor = startDriftMonitor({
    database,
    check: (model) => checkDrift(services, model, 'promoted'),
  });
  const { app, routes } = createApp(dependencies, services);
  measureRequests(app, services.metrics.registry);
  registerPlatformMetrics(services.metrics.registry, services);
  registerRoutes(app, services, [...SYSTEM_ROUTES, ...METRICS_ROUTES]);
  await registerTrpc(app, services);
  await registerScopes(app, services);
  const tidyUploads = () =>
    services.uploads.removeAbandoned((id) => services.database.isUploadAwaited(id));
  await tidyUploads();
  const tidying = setInterval(() => {
    tidyUploads().catch((error: unknown) => app.log.error(error));
  }, TIDY_EVERY_MS).unref();
  let batches: BatchWorker | null = null;
  return {
    app,
    inference,
    served: services.served,
    routes,
    async startBatches() {
      batches = await startBatchWorker(services);
      return batches;
    },
    async close() {
      clearInterval(tidying);
      await batches?.stop();
      await services.backboneFetches.stop();
      await close(app, inference);
      await services.served.stop();
      await services.credentials.stop();
      await services.inspections.stop();
      await services.keptImages.stop();
      await retention.stop();
      await driftMonitor.stop();
      await services.pictures.stop();
    },
  };
}

function createServices(dependencies: ServerDependencies, inference: InferencePool): Services {
  const { database, stores, home, apiKey, codeVersion, backboneMirror = null } = dependencies;
  const backbones = openBackboneStore({ folder: home.backbones, mirror: backboneMirror });
  return {
    database,
    credentials: new Credentials({ database, apiKey }),
    audit: new AuditLog(database),
    guessBrake: new GuessBrake(),
    stores,
    blobs: stores.blobs,
    home,
    backbones,
    backboneFetches: new BackboneFetches(backbones),
    inference,
    served: new ServedModels({ database, bundles: stores.bundles, inference }),
    inspections: new InspectionLog({ database, folder: join(home.work, 'inspections') }),
    keptImages: new ImageKeeper({ database, blobs: stores.blobs }),
    categoryBanks: new CategoryBanks(),
    metrics: createMetrics(),
    monitoring: {
      window: { ...DRIFT_WINDOW, ...dependencies.drift },
      webhook: dependencies.hasWebhook ?? false,
    },
    admission: new Admission(),
    gates: createWorkGates(dependencies.inference?.spread ?? 1),
    pictures: new PictureThreads(),
    maxPixels: dependencies.maxPixels ?? DEFAULT_MAX_PIXELS,
    uploads: new UploadStore(home.uploads),
    batchDays: dependencies.batchDays ?? BATCH_DAYS,
    codeVersion,
    importRoots: dependencies.importRoots ?? null,
    s3: dependencies.s3 ?? { endpoint: null, region: null },
  };
}

/** With what holds for every route: the access check, the form of errors, the limits of a request. */
function createApp(
  dependencies: ServerDependencies,
  { credentials, audit }: Pick<Services, 'credentials' | 'audit'>,
): Pick<ApiServer, 'app' | 'routes'> {
  const { apiKey, allowedHosts = [], bodyTimeoutMs, logger = false } = dependencies;
  const { needsKey = apiKey !== null } = dependencies;
  const app = Fastify({
    logger,
    genReqId: ({ headers }) => requestIdOf(headers),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PATH_PART },
    // What has no route yet, as an address that can't be decoded, never reaches the error handler.
    frameworkErrors: (error, _request, reply) => answerError(reply, error),
  });
  securityHeaders(app);
  const routes = guardRoutes(
    app,
    { needsKey, allowedHosts },
    { credentials, audit, rateLimit: new RateLimit(dependencies.rateLimit) },
  );
  handleErrors(app);
  logRequests(app);
  app.addHook('preValidation', async ({ params, query }) => {
    assertPlainText(params);
    assertPlainText(query);
  });
  cutSlowBodies(app, bodyTimeoutMs ?? BODY_TIMEOUT_MS);
  return { app, routes };
}

async function registerScopes(app: FastifyInstance, services: Services): Promise<void> {
  const scopes = [
    restRoutes,
    inferenceRoutes,
    openInferenceRoutes,
    lookoutRoutes,
    fileRoutes,
    maskRoutes,
    uploadRoutes,
    sessionRoutes,
  ];
  for (const routes of scopes) await app.register((scope) => routes(scope, services));
  await app.register(openApiRoutes);
}

async function fileRoutes(app: FastifyInstance, services: Services): Promise<void> {
  registerRoutes(app, services, [
    ...BATCH_ROUTES,
    ...BLOB_ROUTES,
    ...BUNDLE_ROUTES,
    ...EXPORT_ROUTES,
    ...DATASET_EXPORT_ROUTES,
    ...SUSPECT_ROUTES,
  ]);
}

async function registerTrpc(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      maxBatchSize: MOST_IN_A_BATCH,
      responseMeta: ({ errors }) =>
        errors.some((error) => describeError(error).code === 'UNAVAILABLE')
          ? { headers: { 'retry-after': RETRY_AFTER_SECONDS } }
          : {},
      createContext: ({ req }) => contextOf(services, req),
      onError({ error, path }) {
        const body = describeError(error);
        if (isDefect(body)) app.log.error({ err: error.cause ?? error, path }, body.message);
      },
    } satisfies FastifyTRPCPluginOptions<AppRouter>['trpcOptions'],
  });
}

async function close(app: FastifyInstance, inference: InferencePool): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  await app.close();
  clearTimeout(timer);
  await inference.stop();
}
