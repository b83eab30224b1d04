/** The program's entry: the command line, or the child process of one cell or profile. */
if (process.argv[2] === 'worker-cell') {
  const [{ serveCell }, { runAction }] = await Promise.all([
    import('../harness/worker.js'),
    import('./run-action.js'),
  ]);
  await runAction(serveCell);
} else if (process.argv[2] === 'worker-profile') {
  const [{ serveProfile }, { runAction }] = await Promise.all([
    import('../harness/worker.js'),
    import('./run-action.js'),
  ]);
  await runAction(() => serveProfile(process.argv[3] ?? ''));
} else {
  const [{ createProgram }, { runAction }] = await Promise.all([
    import('./program.js'),
    import('./run-action.js'),
  ]);
  await runAction(async () => {
    const program = await createProgram();
    await program.parseAsync(process.argv);
  });
}
