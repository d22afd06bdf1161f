/**
 * @file What a process needs that only runs graphs (`@plumbline/contracts/graphs`): none of the schemas, which take it half a
 * second of processor time to load.
 */
export { DomainError } from './errors.ts';
export * from './graph-execution.ts';
export { IGNORE_INPUT, imageFeed } from './image-feed.ts';
