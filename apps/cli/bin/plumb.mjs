#!/usr/bin/env node
// The commands are TypeScript; tsx makes this Node run them as they are.
import { register } from 'tsx/esm/api';

register();
await import('../src/main.ts');
