/** @file The API's router as a type: the dashboard has no code of the API in it. */
import type { AppRouter as ApiRouter } from '@plumbline/api/router';

export type AppRouter = ApiRouter;
