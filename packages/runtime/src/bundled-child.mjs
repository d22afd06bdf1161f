/** @file First in a child process of `forkBundled`: runs the code that its parent sends, as if the file that it was made of ran. */
process.argv.splice(1, 1);
process.once('message', (code) => {
  import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
});
