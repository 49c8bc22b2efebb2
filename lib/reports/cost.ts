// What reading cost, in one line.

import type { Tally } from '../base/tally.ts';
import { bytesText } from './progress.ts';
import { countText, plural } from './words.ts';

/** `CloudWatch Logs: 42 calls, 3.1 MB of 12,345 events; about $0.0012 for 0.26 GB scanned`. */
export function costLine(tally: Tally): string {
  const of = (name: string): number => tally.get(name) ?? 0;
  const notCalls = new Set(['cloudwatch_calls.throttled', 'cloudwatch_calls.repeated']);
  const calls = [...tally].filter(([name]) => name.startsWith('cloudwatch_calls.') && !notCalls.has(name));
  const made = calls.reduce((sum, [, count]) => sum + count, 0);
  const read = `${plural(made, 'call')}, ${bytesText(of('cloudwatch.bytes'))} of ${plural(of('cloudwatch.events'), 'event')}`;
  const scanned = of('cloudwatch.bytes_scanned');
  const dollars = (of('cloudwatch.cost_micro_usd') / 1e6).toFixed(4);
  const money = scanned === 0 ? '' : `; about $${dollars} for ${bytesText(scanned)} scanned`;
  const throttled = of('cloudwatch_calls.throttled');
  return `CloudWatch Logs: ${read}${money}${throttled === 0 ? '' : `; throttled ${countText(throttled)} times`}`;
}
