/** @file Words that are kept: no secret is among them, and no character is cut in half. */

/** Of a key or a session, anywhere in a text: somebody may paste one where its name belongs. */
const SECRETS = /(plumbs?_[\w-]{4})[\w-]{39}/g;

/** Their first characters, as lists of keys show them. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '$1…');
}

/** At most so many UTF-16 units, and no half of a pair, which the database takes for no text. */
export function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/\p{Surrogate}$/u, '');
}
