/** @file Kinds of requests that a client sends by mistake or on purpose, and what each must be told. */
import type { ErrorCode } from '@plumbline/contracts';
import { headerOnlyPng } from './pictures.ts';

export interface BadRequest {
  readonly kind: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly answer: readonly [status: number, code: ErrorCode, field?: string];
}

const PREDICT = '/v1/models/parts-rlr/predict';
const PNG = { 'content-type': 'image/png' };
const JSON_TYPE = { 'content-type': 'application/json' };
const imports = (body: string, headers = {}): Omit<BadRequest, 'kind' | 'answer'> => ({
  ...{ method: 'POST', path: '/v1/imports', body },
  headers: { ...JSON_TYPE, ...headers },
});
const predict = (query: string, body: string | Uint8Array = 'x') => ({
  ...{ method: 'POST', path: `${PREDICT}${query}`, headers: PNG, body },
});
const SAMPLE = '"source":{"kind":"sample"}';
const TUS = { 'tus-resumable': '1.0.0' };

export const BAD_REQUESTS: readonly BadRequest[] = [
  { kind: 'an address that is not there', path: '/v1/nothing', answer: [404, 'NOT_FOUND'] },
  { kind: 'a method', method: 'PUT', path: '/v1/runs', answer: [405, 'METHOD_NOT_ALLOWED'] },
  { kind: 'half an escape', path: '/v1/models/%E4', answer: [400, 'INVALID_INPUT'] },
  {
    kind: 'NUL in a path',
    path: '/v1/models/a%00b/versions',
    answer: [400, 'INVALID_INPUT', 'name'],
  },
  { kind: 'a name', path: '/v1/models/Parts!/versions', answer: [400, 'INVALID_INPUT', 'name'] },
  {
    kind: 'a model that is not there',
    path: '/v1/models/none/versions',
    answer: [404, 'NOT_FOUND'],
  },
  { kind: 'a version', ...predict('?version=9'), answer: [404, 'NOT_FOUND'] },
  { kind: 'version 0', ...predict('?version=0'), answer: [400, 'INVALID_INPUT', 'version'] },
  { kind: 'version x', ...predict('?version=x'), answer: [400, 'INVALID_INPUT', 'version'] },
  {
    kind: 'a number beyond the database’s',
    ...predict('?version=99999999999'),
    answer: [400, 'INVALID_INPUT', 'version'],
  },
  { kind: 'an option', ...predict('?heatmp=true'), answer: [400, 'INVALID_INPUT', 'heatmp'] },
  { kind: 'a flag', ...predict('?heatmap=1'), answer: [400, 'INVALID_INPUT', 'heatmap'] },
  { kind: 'no category', ...predict('?category='), answer: [400, 'INVALID_INPUT', 'category'] },
  {
    kind: 'a category',
    ...predict('?category=screw'),
    answer: [400, 'INVALID_INPUT', 'category'],
  },
  {
    kind: 'an option twice',
    ...predict('?category=a&category=b'),
    answer: [400, 'INVALID_INPUT', 'category'],
  },
  { kind: 'a range', ...predict('?range=9..1'), answer: [400, 'INVALID_INPUT', 'range'] },
  { kind: 'no image', method: 'POST', path: PREDICT, answer: [400, 'INVALID_INPUT'] },
  { kind: 'an empty image', ...predict('', ''), answer: [400, 'INVALID_INPUT'] },
  { kind: 'bytes that are no image', ...predict(''), answer: [400, 'INVALID_INPUT'] },
  { kind: 'half an image', ...predict('', headerOnlyPng(64)), answer: [400, 'INVALID_INPUT'] },
  { kind: 'a bomb', ...predict('', headerOnlyPng(60_000)), answer: [413, 'TOO_LARGE'] },
  {
    kind: 'a body of 65 MB',
    ...predict(''),
    headers: { ...PNG, 'content-length': '65000000' },
    answer: [413, 'TOO_LARGE'],
  },
  {
    kind: 'a form that is none',
    ...predict(''),
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    answer: [400, 'INVALID_INPUT'],
  },
  {
    kind: 'an image without a label',
    ...predict(''),
    headers: {},
    answer: [415, 'UNSUPPORTED', 'content-type'],
  },
  { kind: 'no JSON', ...imports('{"name":'), answer: [400, 'INVALID_INPUT'] },
  { kind: 'an array', ...imports('[1]'), answer: [400, 'INVALID_INPUT'] },
  { kind: 'text', ...imports('"x"'), answer: [400, 'INVALID_INPUT'] },
  {
    kind: 'JSON that is nested 100,000 times',
    ...imports(`{"name":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
    answer: [400, 'INVALID_INPUT', 'name'],
  },
  {
    kind: 'a prototype',
    ...imports('{"__proto__":{"name":"x"}}'),
    answer: [400, 'INVALID_INPUT'],
  },
  {
    kind: 'JSON of 2 MB',
    ...imports(`{"name":"${'x'.repeat(2e6)}"}`),
    answer: [413, 'TOO_LARGE'],
  },
  { kind: 'a field too few', ...imports(`{${SAMPLE}}`), answer: [400, 'INVALID_INPUT', 'name'] },
  {
    kind: 'a field too many',
    ...imports(`{"name":"x","nme":1,${SAMPLE}}`),
    answer: [400, 'INVALID_INPUT', 'nme'],
  },
  {
    kind: 'a field of another type',
    ...imports(`{"name":7,${SAMPLE}}`),
    answer: [400, 'INVALID_INPUT', 'name'],
  },
  {
    kind: 'JSON with another label',
    ...imports('{}', { 'content-type': 'text/plain' }),
    answer: [415, 'UNSUPPORTED', 'content-type'],
  },
  {
    kind: 'an idempotency key',
    ...imports(`{"name":"x",${SAMPLE}}`, { 'idempotency-key': 'x'.repeat(300) }),
    answer: [400, 'INVALID_INPUT', 'idempotency-key'],
  },
  { kind: 'a hash', path: '/v1/blobs/xyz', answer: [400, 'INVALID_INPUT', 'sha256'] },
  { kind: 'an image', path: `/v1/blobs/${'a'.repeat(64)}`, answer: [404, 'NOT_FOUND'] },
  {
    kind: 'a size',
    path: `/v1/blobs/${'a'.repeat(64)}?size=99999`,
    answer: [400, 'INVALID_INPUT', 'size'],
  },
  {
    kind: 'a file outside',
    path: '/v1/models/parts-rlr/versions/1/files/..%2f..%2fsecret.txt',
    answer: [404, 'NOT_FOUND'],
  },
  {
    kind: 'a format',
    path: '/v1/leaderboards/parts/export?format=xlsx',
    answer: [400, 'INVALID_INPUT', 'format'],
  },
  {
    kind: 'an upload without a length',
    ...{ method: 'POST', path: '/v1/uploads', headers: TUS },
    answer: [400, 'INVALID_INPUT', 'Upload-Length'],
  },
  {
    kind: 'another host',
    ...{ path: '/v1/models', headers: { host: 'evil.example' } },
    answer: [403, 'FORBIDDEN'],
  },
  {
    kind: 'a page of another site',
    ...imports(`{"name":"x",${SAMPLE}}`, { origin: 'https://evil.example' }),
    answer: [403, 'FORBIDDEN'],
  },
];
