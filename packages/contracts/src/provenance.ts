/** @file Under which license the images of a dataset are, and where they come from. */
import { z } from 'zod';

/** SPDX identifiers that datasets often have, as suggestions; any other text is taken too. */
export const DATA_LICENSES = [
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC-BY-NC-4.0',
  'CC-BY-NC-SA-4.0',
  'CC-BY-ND-4.0',
  'CC-BY-NC-ND-4.0',
  'ODbL-1.0',
  'ODC-By-1.0',
  'PDDL-1.0',
  'CDLA-Permissive-2.0',
  'Apache-2.0',
  'MIT',
] as const;

export const provenanceSchema = z.object({
  /** An SPDX identifier (`CC-BY-4.0`) or free text; null where nobody said. */
  license: z.string().nullable(),
  /** An address or words; null where nobody said. */
  source: z.string().nullable(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const NO_PROVENANCE: Provenance = { license: null, source: null };

const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^\P{Cc}*$/u, 'Write it on one line.');

/** What is said; what is left out stays as it is, and an empty text takes back what was said. */
export const givenProvenanceSchema = z.object({
  license: line(200).optional(),
  source: line(1000).optional(),
});
export type GivenProvenance = z.infer<typeof givenProvenanceSchema>;

/** With a license in the spelling of SPDX where it is one of those above, whatever its case. */
export function saidProvenance(
  { license, source }: GivenProvenance,
  before: Provenance = NO_PROVENANCE,
): Provenance {
  const known = DATA_LICENSES.find((id) => id.toLowerCase() === license?.toLowerCase());
  return {
    license: license === undefined ? before.license : (known ?? license) || null,
    source: source === undefined ? before.source : source || null,
  };
}
