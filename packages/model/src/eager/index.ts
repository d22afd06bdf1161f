export { createEagerExecutor, type EagerExecutorOptions } from './eager-executor.ts';
export {
  loadProgram,
  loadStatefulProgram,
  type ProgramExecutor,
  type ProgramSession,
} from './load-program.ts';
export {
  fixOfTfjsBackend,
  loadTfjsBackend,
  openTfjsBackend,
  TFJS_BACKENDS,
  type TfjsBackend,
  type TfjsBackendName,
  type TfjsProbe,
  tryTfjsBackend,
} from './tfjs-backend.ts';
