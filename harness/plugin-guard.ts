/**
 * What a plugin must leave alone as it is loaded: the process, and the functions of the language that every other part
 * of the program uses too. What it does later happens in the child process of its own cell.
 */

/** By name: whose own functions are watched. */
const watched: Readonly<Record<string, object>> = {
  globalThis,
  process,
  console,
  JSON,
  Math,
  Object,
  Array,
  Number,
  String,
  Promise,
  Date,
  Reflect,
  'Object.prototype': Object.prototype,
  'Function.prototype': Function.prototype,
  'Array.prototype': Array.prototype,
  'String.prototype': String.prototype,
  'Number.prototype': Number.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'Promise.prototype': Promise.prototype,
  'Date.prototype': Date.prototype,
  'Float32Array.prototype': Float32Array.prototype,
};

type State = ReadonlyMap<string, unknown>;

/** A name may be added to `globalThis`, as many libraries do; what is there is not replaced. */
const mayGrow = new Set(['globalThis', 'process']);

function stateOf(): State {
  const state = new Map<string, unknown>();
  for (const [owner, object] of Object.entries(watched)) {
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object)))
      if (typeof value === 'function') state.set(`${owner}.${key}`, value);
  }
  return state;
}

/** Puts back what was replaced, and takes away what was added. */
function restore(before: State, changed: readonly string[]): void {
  for (const name of changed) {
    const at = name.lastIndexOf('.');
    const owner = watched[name.slice(0, at)];
    if (owner === undefined) continue;
    const key = name.slice(at + 1);
    if (before.has(name)) Reflect.set(owner, key, before.get(name));
    else Reflect.deleteProperty(owner, key);
  }
}

/**
 * Loads something under watch.
 * @throws Error when it ends the process, or when it replaces functions that are not its own; they are put back
 */
export async function loadGuarded<T>(load: () => Promise<T>): Promise<T> {
  const before = stateOf();
  const exit = process.exit.bind(process);
  const calls: unknown[] = [];
  process.exit = (code) => {
    calls.push(code);
    throw new Error('it calls process.exit while it is loaded');
  };
  const guarded = stateOf();
  try {
    const loaded = await load();
    if (calls.length > 0) throw new Error('it calls process.exit while it is loaded');
    const changed = changesOf(guarded, stateOf());
    if (changed.length > 0) {
      restore(before, changed);
      throw new Error(`it changes ${changed.slice(0, 3).join(', ')}, which all parts of the program share`);
    }
    return loaded;
  } finally {
    process.exit = exit;
  }
}

function changesOf(before: State, after: State): string[] {
  const replaced = [...before].filter(([name, value]) => after.get(name) !== value).map(([name]) => name);
  const added = [...after.keys()].filter(
    (name) => !before.has(name) && !mayGrow.has(name.slice(0, name.lastIndexOf('.'))),
  );
  return [...replaced, ...added];
}
