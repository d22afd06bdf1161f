export * from './attribute-value.ts';
export * from './graph-builder.ts';
export * from './schema.ts';
export * from './tensor.ts';
