export { checkDatabase, type DatabaseCheck } from './check-database.ts';
export { codeVersion } from './code-version.ts';
export { resolveHome } from './env.ts';
export { inspectBackbone } from './inspect-backbone.ts';
export { inspectMachine, installTfjsGpu } from './machine.ts';
export { findPlatform } from './platform-record.ts';
export { startPlatform } from './start-platform.ts';
export { stopPlatform } from './stop-platform.ts';
