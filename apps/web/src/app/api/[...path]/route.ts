/** @file The browser's only way to the API: everything under `/api` is streamed to it. */
import { forwardToApi } from '~/server/forward-to-api.ts';

export const dynamic = 'force-dynamic';

export {
  forwardToApi as DELETE,
  forwardToApi as GET,
  forwardToApi as HEAD,
  forwardToApi as OPTIONS,
  forwardToApi as PATCH,
  forwardToApi as POST,
  forwardToApi as PUT,
};
