/**
 * How plugins are loaded, for Node's module loader; plain JavaScript, since it runs in the loader's own thread.
 *
 * A plugin lies anywhere, and may have packages of its own or none. TensorFlow.js and zod it shares with formerbench:
 * tensors of a second TensorFlow.js would be strangers to the first. And its files are modules, whatever the
 * `package.json` above them says.
 */
const shared = /^(?:@tensorflow\/tfjs-core|zod|formerbench)(?:\/|$)/;
const ownFile = /^file:(?!.*\/node_modules\/).*\.[jt]s(?:\?|$)/;

export async function resolve(specifier, context, next) {
  const parentURL = shared.test(specifier) ? import.meta.url : context.parentURL;
  const resolved = await next(specifier, { ...context, parentURL });
  return ownFile.test(resolved.url) ? { ...resolved, format: 'module' } : resolved;
}
