export * from './api-key.ts';
export * from './audit.ts';
export * from './role.ts';
export * from './user.ts';
