/** What the settings of a golden vector are called among an architecture's options. */

/** The `config` of a file of golden vectors. */
type Config = Readonly<Record<string, unknown>>;
/** Whether the file has a weight of this name. */
type Has = (weight: string) => boolean;
type Options = Readonly<Record<string, unknown>>;

const translations: Readonly<Record<string, (config: Config, has: Has) => Options>> = {};

/** @param architecture - its name; without an entry here, every option is at its default */
export function goldenOptions(architecture: string, config: Config, has: Has): Options {
  return translations[architecture]?.(config, has) ?? {};
}
