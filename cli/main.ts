/** The program's entry: the command line, or the child process of one cell or profile. */
const { runAction } = await import('./run-action.js');
const [, , command, log = ''] = process.argv;
if (command === 'worker-cell' || command === 'worker-profile') {
  const { serveCell, serveProfile } = await import('../harness/worker.js');
  await runAction(() => (command === 'worker-cell' ? serveCell() : serveProfile(log)));
} else {
  const { createProgram } = await import('./program.js');
  await runAction(async () => {
    const program = await createProgram(process.argv.slice(2));
    await program.parseAsync(process.argv);
  });
}
