// Reads Kubernetes dumps: JSON, NDJSON, YAML, watch streams; whole or cut off.

import { append } from '../../base/append.ts';
import { isObject, type JsonObject, parseJson } from '../../base/json.ts';
import { cut } from '../../base/text.ts';
import type { Problem } from '../objects/problem.ts';
import { flatten } from './flatten.ts';
import { type Span, type TopValue, topValues } from './whole-values.ts';

export interface Documents {
  readonly objects: readonly JsonObject[];
  readonly problems: readonly Problem[];
}

/**
 * All objects in a text, lists flattened, and what could not be read.
 *
 * Never rejects. The YAML parser is only loaded when the text is not JSON.
 * `source` names the text in problems.
 */
export async function readDocuments(text: string, source: string): Promise<Documents> {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (/^\s*[[{]/.test(body.slice(0, 4096))) return readJsonDocuments(body, source);
  const yaml = await import('./yaml-documents.ts');
  const { values, problems } = yaml.readYaml(body, source);
  return { objects: values.flatMap((value) => flatten(value)), problems };
}

function readJsonDocuments(text: string, source: string): Documents {
  const whole = parseJson(text);
  if (whole.ok) return { objects: flatten(whole.value), problems: [] };
  const firstLine = text.slice(0, text.indexOf('\n') + 1);
  const isLines = isObject(jsonIn(firstLine));
  return isLines ? readLines(text, source) : readPieces(text, source);
}

function jsonIn(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}

function readLines(text: string, source: string): Documents {
  const objects: JsonObject[] = [];
  const bad: string[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const value = jsonIn(line);
    if (isObject(value)) append(objects, flatten(value));
    else bad.push(`line ${index + 1}: ${cut(line, 80)}`);
  });
  const [first] = bad;
  if (first === undefined) return { objects, problems: [] };
  const came = bad.length === 1 ? first : `${bad.length} lines that are not, the first is ${first}`;
  return { objects, problems: [{ where: source, expected: 'a JSON object on every line', came }] };
}

function readPieces(text: string, source: string): Documents {
  const pieces = topValues(text).map((top) => readPiece(text, top, source));
  return {
    objects: pieces.flatMap((piece) => piece.objects),
    problems: pieces.flatMap((piece) => piece.problems),
  };
}

function readPiece(text: string, top: TopValue, source: string): Documents {
  const value = top.whole ? jsonIn(text.slice(top.start, top.end)) : undefined;
  if (value !== undefined) return { objects: flatten(value), problems: [] };
  const kind = itemKind(text, top);
  const items = top.items.map((span) => withKind(jsonIn(text.slice(span.start, span.end)), kind));
  const objects = items.flatMap((item) => flatten(item));
  const ends = top.whole ? 'JSON with a mistake in it' : `text that ends after ${text.length} characters`;
  const came = `${ends}; ${objects.length} whole items of it are used`;
  return { objects, problems: [{ where: source, expected: 'a whole JSON document', came }] };
}

const withKind = (item: unknown, kind: string | undefined): unknown =>
  kind !== undefined && isObject(item) && !('kind' in item) ? { kind, ...item } : item;

/** `{"kind":"PodList",…,"items":[{…` names the kind before the first item; kubectl's own List puts it last. */
function itemKind(text: string, top: Span & TopValue): string | undefined {
  const head = text.slice(top.start, top.items[0]?.start ?? top.start);
  return /"kind"\s{0,8}:\s{0,8}"([A-Z][A-Za-z]{1,60})List"/.exec(head)?.[1];
}
