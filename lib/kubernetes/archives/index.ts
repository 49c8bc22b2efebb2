// All archives of events, and the reader of one of their lines.

import { type JsonObject, parseJson } from '../../base/json.ts';
import { arrivalIn } from '../dumps/arrival.ts';
import type { Place } from '../dumps/contract.ts';
import { withOddValues } from '../objects/odd-values.ts';
import { placedRecord } from '../objects/placed-record.ts';
import type { UnusableRecord } from '../objects/problem.ts';
import type { KubeRecord } from '../objects/record.ts';
import type { EventArchive, MayTell } from './contract.ts';
import { eventExporter } from './event-exporter.ts';
import { eventrouter } from './eventrouter.ts';
import { fluentBitEvents } from './fluent-bit.ts';
import { otelCloudWatch, otlpRequest } from './otel.ts';
import { plainObjects } from './plain.ts';
import { watchLines } from './watch.ts';

/** The more specific first. */
export const archives: readonly EventArchive[] = [
  otlpRequest,
  otelCloudWatch,
  eventrouter,
  watchLines,
  fluentBitEvents,
  eventExporter,
  plainObjects,
];

/** Where a line stood. */
export interface ArchivedAt {
  /** Logical name of the file or stream. */
  readonly source: string;
  readonly line: number;
}

/**
 * What one line of an archive tells; undefined when it is none. One that begins like a line of an archive
 * and cannot be read is `unusable`. `may` is asked where each record of the line has a printer of its own.
 */
export function archiveRecords(
  text: string,
  at: ArchivedAt,
  may?: MayTell,
): readonly KubeRecord[] | undefined {
  const json = jsonPart(text);
  if (json === undefined) return undefined;
  const parsed = parseJson(json);
  if (!parsed.ok) return BEGINS.test(json) ? [unreadable(at)] : undefined;
  for (const archive of archives) {
    const objects = archive.objects(parsed.value, may);
    if (objects !== undefined) return objects.flatMap((object) => recordAt(object, at, json));
  }
  return undefined;
}

/** How only a line of an archive begins. */
const BEGINS =
  /^\{"(?:verb":"(?:ADDED|UPDATED)","event":\{|arrival_ns":\d{1,19},"type":"[A-Z]{5,8}","object":\{)/;

/** Nothing of the line is quoted: nobody has redacted it. */
const unreadable = ({ line }: ArchivedAt): UnusableRecord => ({
  kind: 'unusable',
  problem: {
    where: `line ${line}`,
    expected: 'a whole event in JSON',
    came: 'one that is cut off or broken',
  },
});

function recordAt(object: JsonObject, { source, line }: ArchivedAt, json: string): readonly KubeRecord[] {
  const arrival = arrivalIn(json);
  const place: Place = arrival === undefined ? { line } : { line, arrival };
  const record = placedRecord(object, { ...place, source });
  return record === undefined ? [] : withOddValues(object, record);
}

/** What stands in every line of an archive, one of them. */
const SIGNS = ['"involvedObject"', '"regarding"', '"k8s.event.name"', '"kvlistValue"', '"object"'];
const OBJECT_SIGNS = ['"metadata"', '"containers"'];

/** glog's and klog's header, and RFC 5424 as eventrouter's HTTP sink writes it. */
const HEADER =
  /^(?:[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} {1,12}\d{1,10} [\w.-]{1,80}:\d{1,7}\] |(?:\d{1,7} )?<\d{1,3}>1 \S{1,40} \S{1,255} \S{1,48} - - - )(?=\{)/;

/** The JSON in a line that may be one of an archive: asked of every line, so most are turned away by a byte or two. */
function jsonPart(text: string): string | undefined {
  const first = text.charCodeAt(0);
  if (first === 123 || first === 91) return maySpeak(text) ? text : undefined;
  const isHeaded = (first >= 69 && first <= 87) || first === 60 || (first >= 48 && first <= 57);
  if (!isHeaded || !text.includes('"involvedObject"')) return undefined;
  const header = HEADER.exec(text)?.[0];
  return header === undefined ? undefined : text.slice(header.length);
}

const maySpeak = (text: string): boolean =>
  SIGNS.some((sign) => text.includes(sign)) || OBJECT_SIGNS.every((sign) => text.includes(sign));
