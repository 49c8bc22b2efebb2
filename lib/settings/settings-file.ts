// The settings file: YAML or JSON, checked whole, every complaint with its line.

import { readFile } from 'node:fs/promises';
import { isObject } from '../base/json.ts';
import { failed, ok, type Result } from '../base/result.ts';
import { complaint, keysOf, shownValue } from './complaint.ts';
import { type Settings, settingsSchema } from './schema.ts';

/** Reads it and checks it. JSON is YAML, too. */
export async function settingsFile(path: string): Promise<Result<Settings, readonly string[]>> {
  try {
    return await parseSettings(path, await readFile(path, 'utf8'));
  } catch (error) {
    const came = error instanceof Error ? error.message : String(error);
    return failed([`${path}: expected a file that can be read, got ${came}`]);
  }
}

/** `path` names the file in messages. */
export async function parseSettings(
  path: string,
  text: string,
): Promise<Result<Settings, readonly string[]>> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const { line, col } = lines.linePos(wrong.pos[0]);
    return failed([`${path}:${line}:${col}: expected YAML or JSON, got ${wrong.message}`]);
  }
  const given: unknown = document.toJS() ?? {};
  const read = settingsSchema.safeParse(given);
  if (read.success) return ok(read.data);
  const lineOf = (keys: readonly string[]) => lineOfKey(document, keys, lines);
  return failed(
    read.error.issues.flatMap((issue) =>
      keysOf(issue).map((keys) => {
        const expected = issue.code === 'unrecognized_keys' ? allowedText(keys) : issue.message;
        const key = keys.join('.');
        const from = `${path}:${lineOf(keys)}${key === '' ? '' : `: ${key}`}`;
        const came =
          issue.code === 'unrecognized_keys' ? `'${keys.at(-1)}'` : shownValue(valueAt(given, keys), key);
        return complaint(from, expected, came);
      }),
    ),
  );
}

interface Node {
  readonly getIn: (path: readonly string[], keepScalar: true) => unknown;
}

interface Lines {
  readonly linePos: (offset: number) => { readonly line: number };
}

/** The line of the value; of a section that is not there, of what holds it. */
function lineOfKey(document: Node, keys: readonly string[], lines: Lines): number {
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const node = document.getIn(keys.slice(0, depth), true);
    const range = isObject(node) ? node['range'] : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
  }
  return 1;
}

function valueAt(given: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), given);
}

/** The keys of the section that an unknown one stands in. */
function allowedText(keys: readonly string[]): string {
  const [section, inner] = keys;
  const { otlp } = settingsSchema.shape;
  const general = otlp.unwrap().shape;
  if (keys.length === 1 || section !== 'otlp') return listedKeys(settingsSchema.shape);
  if (keys.length === 2 || (inner !== 'traces' && inner !== 'metrics')) return listedKeys(general);
  return listedKeys(general[inner].unwrap().shape);
}

const listedKeys = (shape: object): string => `one of the keys ${Object.keys(shape).join(', ')}`;
