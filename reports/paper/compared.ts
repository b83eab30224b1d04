/** The architectures that tables 4, 5 and 6 compare, by name, as the paper prints them, in its order. */
export const comparedArchitectures = [
  ['transformer', 'Transformer'],
  ['longformer', 'Longformer'],
  ['bigbird', 'BigBird'],
  ['linformer', 'Linformer'],
  ['linear', 'Linear Transformer'],
  ['poolingformer', 'Poolingformer'],
  ['fastformer', 'Fastformer'],
] as const;
