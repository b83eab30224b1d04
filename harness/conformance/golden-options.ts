/** What the settings of a golden vector are called among an architecture's options. */

/** The `config` of a file of golden vectors. */
type Config = Readonly<Record<string, unknown>>;
/** Whether the file has a weight of this name. */
type Has = (weight: string) => boolean;
type Options = Readonly<Record<string, unknown>>;

const translations: Readonly<Record<string, (config: Config, has: Has) => Options>> = {
  longformer: ({ one_sided_window: reach }, has) => ({
    window: 2 * Number(reach),
    ...(has('query_global.kernel') ? {} : { globalTokens: 0 }),
  }),
  poolingformer: (config) => ({
    window: 2 * Number(config['window2']),
    localWindow: 2 * Number(config['window1']),
    poolKernel: config['pool_kernel'],
    poolStride: config['pool_stride'],
    pooling: config['pooling'],
  }),
  bigbird: (config) => ({ blockSize: config['block_size'], randomBlocks: config['random_blocks'] }),
  reformer: (config) => ({
    bucketSize: config['bucket_size'],
    rounds: config['n_hashes'],
    causal: config['causal'],
  }),
  linformer: ({ k, variant, share_kv: share, one_kv_head: one }, has) => ({
    k,
    sharing: variant === 'mlpen' ? 'none' : 'heads',
    tieProjections: variant === 'mlpen' || share === true,
    tieValues: share === true,
    oneKeyValueHead: one === true,
    bias: has('query.bias'),
  }),
  linear: ({ variant }, has) => ({
    form: variant === 'idiap' ? 'normalised' : variant === 'mlpen' ? 'unnormalised' : 'softmax',
    bias: has('query.bias'),
  }),
  'transformer-xl': (config) => ({
    memory: config['mem_length'],
    sameLength: config['same_length'],
    stopGradient: false,
    norm: true,
  }),
  performer: ({ kernel, features }, has) => ({
    kernel,
    features,
    padding: 'counted',
    bias: has('query.bias'),
  }),
};

/** @param architecture - its name; without an entry here, every option is at its default */
export function goldenOptions(architecture: string, config: Config, has: Has): Options {
  return translations[architecture]?.(config, has) ?? {};
}
