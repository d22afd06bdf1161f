export type {
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
export {
  type CallOptions,
  type InferOptions,
  type NamedImage,
  type NormalOptions,
  PlumblineClient,
  type PredictOptions,
  type SamplesQuery,
} from './client.ts';
export type { ClientOptions, ImageSource } from './transport.ts';
