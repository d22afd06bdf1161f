/**
 * @file How far the heap grows before V8 looks through all of it: imported first. Left to itself it does so for every 13 MB that requests leave
 * behind, twice a second with one client, and each time the inference beside it waits 40 ms for a core.
 */
import { setFlagsFromString } from 'node:v8';

/** Beyond what is left in use, which is some 70 MB. It holds for the threads of this process, too. */
const GROWING_PERCENT = 100;

setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
