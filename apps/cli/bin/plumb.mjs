#!/usr/bin/env node
// The commands are TypeScript; tsx makes this Node run them as they are.
try {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/main.ts');
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  // Of a fresh checkout: packages, or what is generated from the schema of the database.
  console.error(`Error: This checkout is not set up: ${error.message.split('\n')[0]}`);
  console.error('  How to fix it: Run "npm run setup" in its folder.');
  process.exitCode = 1;
}
