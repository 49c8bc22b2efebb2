// What reading from elsewhere cost, in one line for each kind of place.

import type { Tally } from '../base/tally.ts';
import { bytesText } from './progress.ts';
import { countText, plural } from './words.ts';

/** Only of the places that were asked. */
export function costLines(tally: Tally): readonly string[] {
  const names = [...tally.keys()];
  return [
    ...(names.some((name) => name.startsWith('cloudwatch_calls.')) ? [cloudwatchLine(tally)] : []),
    ...(names.some((name) => name.startsWith('s3_calls.')) ? [s3Line(tally)] : []),
  ];
}

/** `CloudWatch Logs: 42 calls, 3.1 MB of 12,345 events; about $0.0012 for 0.26 GB scanned`. */
function cloudwatchLine(tally: Tally): string {
  const of = (name: string): number => tally.get(name) ?? 0;
  const read = `${callsText(tally, 'cloudwatch_calls')}, ${bytesText(of('cloudwatch.bytes'))} of ${plural(of('cloudwatch.events'), 'event')}`;
  const scanned = of('cloudwatch.bytes_scanned');
  const money =
    scanned === 0
      ? ''
      : `; about ${dollarsText(of('cloudwatch.cost_micro_usd'))} for ${bytesText(scanned)} scanned`;
  return `CloudWatch Logs: ${read}${money}${throttledText(of('cloudwatch_calls.throttled'))}`;
}

/** `S3: 42 calls, 3.1 MB of 12 objects; about $0.0002 for the calls`. */
function s3Line(tally: Tally): string {
  const of = (name: string): number => tally.get(name) ?? 0;
  const read = `${callsText(tally, 's3_calls')}, ${bytesText(of('s3.bytes'))} of ${plural(of('s3_objects.read'), 'object')}`;
  const money = `; about ${dollarsText(of('s3.cost_micro_usd'))} for the calls`;
  return `S3: ${read}${money}${throttledText(of('s3_calls.throttled'))}`;
}

/** Calls that were made again are calls of their own already. */
function callsText(tally: Tally, name: string): string {
  const notCalls = new Set([`${name}.throttled`, `${name}.repeated`]);
  const calls = [...tally].filter(([one]) => one.startsWith(`${name}.`) && !notCalls.has(one));
  return plural(
    calls.reduce((sum, [, count]) => sum + count, 0),
    'call',
  );
}

const dollarsText = (micro: number): string => `$${(micro / 1e6).toFixed(4)}`;

const throttledText = (times: number): string => (times === 0 ? '' : `; throttled ${countText(times)} times`);
