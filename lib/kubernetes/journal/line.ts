// A line of a node's journal: the record that the kubelet or the container runtime logged.
//
//   I1122 01:41:39.051102   16726 kubelet.go:2709] "SyncLoop ADD" source="api" pods=["ns/pod"]    klog
//   time="2026-11-22T01:41:40.020861433Z" level=info msg="PullImage \"image\""                     logrus
//
// Both also as JSON. Which program spoke is not in the line: source file (klog)
// and message text together tell, and only the rules know them.

import type { JournalLine } from './journal-line.ts';
import { jsonLine } from './json-line.ts';
import { klogLine } from './klog.ts';
import { logrusLine } from './logrus.ts';

/** The record, or undefined when the text is none of the four. Never throws; linear in the text. */
export function parseJournalLine(text: string): JournalLine | undefined {
  switch (text.charCodeAt(0)) {
    case 116: // t
      return logrusLine(text);
    case 123: // {
      return jsonLine(text);
    default:
      return klogLine(text);
  }
}

/** Worth a look: decided on the first characters alone. */
export const opensJournalLine = (text: string): boolean =>
  text.startsWith('time="') || /^(?:[IWEF]\d{4} |\{")/.test(text);
