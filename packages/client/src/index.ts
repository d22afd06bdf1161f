export type {
  Batch,
  BatchResult,
  DatasetDetail,
  DatasetSummary,
  ErrorCode,
  InferResponse,
  ModelSummary,
  ModelVersion,
  Prediction,
  Predictions,
  SamplePage,
} from '@plumbline/contracts';
export { ApiError, apiErrorOf } from './api-error.ts';
export { Batches, type StartBatchOptions } from './batches.ts';
export {
  type InferOptions,
  type NamedImage,
  type NormalOptions,
  PlumblineClient,
  type PredictOptions,
  type SamplesQuery,
} from './client.ts';
export type { CallOptions, ClientOptions, ImageSource } from './transport.ts';
