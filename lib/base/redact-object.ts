// Secrets in objects (pods, events): by the name of what holds them, not only by their looks.
//
// A pod carries its environment, its arguments, and, in an annotation of
// kubectl, both once more as JSON in a string.

import { isObject, type JsonObject, parseJson } from './json.ts';
import { hasSecretName, mask, redact } from './redact.ts';

/** Deep enough for every object of Kubernetes; what lies deeper is left out. */
const DEPTH = 40;

/** The same object, each secret-looking value replaced by `[redacted]`. Redacting it again changes nothing. */
export function redactObject(object: JsonObject): JsonObject {
  return redactMembers(object, DEPTH);
}

function redactMembers(object: JsonObject, depth: number): JsonObject {
  const isSecret = isNamedSecret(object);
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const hides = typeof value === 'string' && (isSecretMember(key) || (isSecret && key === 'value'));
      return [key, hides ? mask(value) : redactValue(value, depth - 1)];
    }),
  );
}

/** A toleration's `key` and an affinity's `topologyKey` name labels, and name the GPU. */
const isSecretMember = (key: string): boolean => !/^(?:topologyK|k)ey$/.test(key) && hasSecretName(key);

/** `{"name":"HF_TOKEN","value":"…"}`: an environment variable, a header of a probe. */
const isNamedSecret = ({ name }: JsonObject): boolean => typeof name === 'string' && hasSecretName(name);

function redactValue(value: unknown, depth: number): unknown {
  if (depth === 0) return undefined;
  if (typeof value === 'string') return redactText(value, depth);
  if (Array.isArray(value)) return redactList(value, depth);
  return isObject(value) ? redactMembers(value, depth) : value;
}

/** `["--api-key", "sk-…"]`: an option and, after it, its value. */
function redactList(list: readonly unknown[], depth: number): readonly unknown[] {
  return list.map((value, index) => {
    const before: unknown = list[index - 1];
    const isOptions = typeof before === 'string' && before.startsWith('--') && hasSecretName(before);
    const isValue = typeof value === 'string' && !value.startsWith('--');
    return isOptions && isValue ? mask(value) : redactValue(value, depth - 1);
  });
}

/** JSON in a string is redacted as what it is; the rest as text, line by line. */
function redactText(text: string, depth: number): string {
  const json = /^\s{0,20}[[{]/.test(text) ? parseJson(text) : undefined;
  if (json?.ok === true) return JSON.stringify(redactValue(json.value, depth - 1));
  return text.split('\n').map(redact).join('\n');
}
