/** @file The child process of one attempt at a search for suspects. */
import { workAsChild } from '../child-main.ts';
import { searchSuspects } from './search-suspects.ts';

await workAsChild('Search', searchSuspects);
