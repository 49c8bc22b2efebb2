// klog's text form: `I1122 01:41:39.051102   16726 kubelet.go:2709] "SyncLoop ADD" source="api" pods=["ns/pod"]`.
//
// k8s.io/klog/v2 2.60 to 2.140, klog.go formatHeader and internal/serialize. Up
// to Kubernetes 1.20 the kubelet's messages are not quoted and have no fields.

import { goQuotedAt } from '../../base/go-quoted.ts';
import { MICROSECOND } from '../../base/instant.ts';
import type { ProgramClock } from '../../model/line.ts';
import type { JournalLine } from './journal-line.ts';
import { NO_FIELDS, readFields } from './read-fields.ts';

const HEADER =
  /^[IWEF](?<month>\d\d)(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)\.(?<micro>\d{6}) {1,8}\d{1,10} (?<file>[\w.-]{1,80}\.go):\d{1,6}\] /;

export function klogLine(text: string): JournalLine | undefined {
  const match = HEADER.exec(text);
  const groups = match?.groups;
  if (match === null || groups === undefined) return undefined;
  const clock = clockOf(groups);
  if (clock === undefined) return undefined;
  const at = match[0].length;
  const quoted = goQuotedAt(text, at);
  return {
    logger: 'klog',
    file: groups['file'] ?? '',
    message: quoted?.value ?? text.slice(at),
    fields: () => (quoted === undefined ? NO_FIELDS : readFields(text, quoted.end)),
    clock,
  };
}

function clockOf(groups: Readonly<Record<string, string>>): ProgramClock | undefined {
  const number = (name: string): number => Number(groups[name]);
  const clock = {
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    nanosecond: number('micro') * 1000,
    precision: MICROSECOND,
  };
  const { month, day, hour, minute, second } = clock;
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate && hour <= 23 && minute <= 59 && second <= 60 ? clock : undefined;
}
