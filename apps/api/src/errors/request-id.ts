/** @file An id of every request: in its answer, in its problem details and in every line of the log that it causes. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

/** What gateways send; anything else could break a log or be of any length. */
const ID = /^[\w.:+/=-]{1,128}$/;
/** W3C Trace Context, https://www.w3.org/TR/trace-context/: version, trace id, parent id, flags. */
const TRACE_PARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The client's own, where it sent one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const sent = headers[REQUEST_ID_HEADER];
  return typeof sent === 'string' && ID.test(sent) ? sent : randomUUID();
}

/** The trace that a gateway or client counts the request to; null when none does. */
export function traceIdOf(headers: IncomingHttpHeaders): string | null {
  const sent = headers['traceparent'];
  return typeof sent === 'string' ? (TRACE_PARENT.exec(sent)?.[1] ?? null) : null;
}
