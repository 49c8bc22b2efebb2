// The model that a container's command line serves.

import { isObject, type JsonObject, listAt, textAt } from '../../base/json.ts';

/** Scripts can be long; the serving command stands near the end of what people write. */
const LONGEST = 50_000;

/** Command and arguments as one line; `\`-continued lines joined, `$(NAME)` and `$NAME` filled in from literal env. */
export function commandLine(container: JsonObject): string {
  const words = [...listAt(container, 'command'), ...listAt(container, 'args')];
  const line = words.filter((word) => typeof word === 'string').join(' ');
  return line
    .slice(-LONGEST)
    .replace(/\\\n/g, ' ')
    .replace(/\s{1,200}/g, ' ')
    .trim();
}

const VALUE = `(?:=|\\s)["']?(?<name>[^\\s"';|&,\\]]{1,400})`;

/** In order of worth: the name it is served by, then what is loaded. */
const SERVED: readonly RegExp[] = [new RegExp(`(?:^|\\s)--served[-_]model[-_]name${VALUE}`)];

const LOADED: readonly RegExp[] = [
  /(?:^|[\s/"'])vllm serve ["']?(?<name>[^\s"';|&-][^\s"';|&]{0,400})/,
  new RegExp(`(?:^|\\s)--model(?:-path|-id)?${VALUE}`),
];

/** `--served-model-name`, first of its names. */
export const servedName = (container: JsonObject): string | undefined => find(container, SERVED);

/** `vllm serve MODEL`, `--model MODEL`. */
export const loadedModel = (container: JsonObject): string | undefined => find(container, LOADED);

function find(container: JsonObject, patterns: readonly RegExp[]): string | undefined {
  const line = commandLine(container);
  for (const pattern of patterns) {
    const name = pattern.exec(line)?.groups?.['name'];
    const filled = name === undefined ? undefined : expand(name, container);
    if (filled !== undefined) return filled;
  }
  return undefined;
}

const VARIABLE = /\$(?:\((?<a>\w{1,100})\)|\{(?<b>\w{1,100})\}|(?<c>\w{1,100}))/g;

/** With variables from literal env; undefined when one of them is not known. */
function expand(name: string, container: JsonObject): string | undefined {
  const filled = name.replace(VARIABLE, (whole, a, b, c) => literalEnv(container, a ?? b ?? c) ?? whole);
  return filled === '' || filled.includes('$') || filled.includes('`') ? undefined : filled;
}

function literalEnv(container: JsonObject, name: string): string | undefined {
  const entry = listAt(container, 'env').find((env) => isObject(env) && env['name'] === name);
  return isObject(entry) ? textAt(entry, 'value') : undefined;
}
