export { CannotRecordError } from './cannot-record-error.ts';
export {
  BATCH,
  type TracedFunction,
  type TracedInput,
  type TraceOptions,
  trace,
} from './trace.ts';
