export { CannotRecordError } from './cannot-record-error.ts';
export {
  BATCH,
  type TensorProgram,
  type TracedFunction,
  type TracedInput,
  type TraceOptions,
  trace,
  traceProgram,
} from './trace.ts';
