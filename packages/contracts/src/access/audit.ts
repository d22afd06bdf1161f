/** @file The audit log: who changed what, when, from where, and how it ended. */
import { z } from 'zod';
import { roleSchema } from './role.ts';

/** In which the dashboard says for whom it asks; it counts for the audit log alone, and from this machine only. */
export const BROWSER_ADDRESS_HEADER = 'x-plumbline-browser';

/**
 * `done`; `refused`: the role did not allow it; `failed`: it ended with an error; `unknown`: the API ended, or lost its database, before it
 * could say.
 */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed', 'unknown'] as const;
export const auditOutcomeSchema = z.enum(AUDIT_OUTCOMES);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

export const auditEventSchema = z.object({
  id: z.number().int(),
  at: z.iso.datetime(),
  /** The name of a key or person at that time. */
  actor: z.string(),
  role: roleSchema,
  /** A procedure such as `models.promote`, or a route such as `POST /v1/uploads`. */
  action: z.string(),
  /** What was asked for, without secrets, cut where it is long. */
  input: z.record(z.string(), z.unknown()),
  outcome: auditOutcomeSchema,
  /** Why it failed or was refused; null otherwise. */
  message: z.string().nullable(),
  /** The other end of the connection; of what the dashboard passes on also the browser's, as far as it knows. */
  address: z.string(),
  /** `User-Agent`: what the client calls itself. */
  client: z.string(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

export const listAuditInput = z.object({
  /** Only older ones: `next` of the page before. */
  before: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(500).default(50),
  actor: z.string().min(1).max(200).optional(),
  action: z.string().min(1).max(200).optional(),
  outcome: auditOutcomeSchema.optional(),
});
export type ListAuditInput = z.infer<typeof listAuditInput>;

/** Newest first. */
export const auditPageSchema = z.object({
  events: z.array(auditEventSchema),
  /** `before` of the next page; null on the last one. */
  next: z.number().int().nullable(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;
