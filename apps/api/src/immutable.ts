/** @file Caching of what never changes. Private: a cache that others share must not answer past the access check. */

export const IMMUTABLE = 'private, max-age=31536000, immutable';
