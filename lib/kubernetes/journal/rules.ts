// Every wording of a node's journal that is understood, and the one rule that speaks for a line.

import { containers, sandboxes } from './containerd.ts';
import { events } from './containerd-events.ts';
import { images } from './containerd-images.ts';
import type { JournalRule, Told } from './contract.ts';
import type { JournalLine } from './journal-line.ts';
import { kubelet } from './kubelet.ts';
import { tracker } from './tracker.ts';

export const journalRules: readonly JournalRule[] = [
  ...kubelet,
  ...tracker,
  ...sandboxes,
  ...images,
  ...containers,
  ...events,
];

export interface Claim {
  readonly rule: JournalRule;
  /** Empty: it is the rule's line, but a field is not what it should be. */
  readonly told: readonly Told[];
}

/** What the line says; undefined when no rule speaks for it. */
export function claimOf(line: JournalLine): Claim | undefined {
  for (const rule of candidates(line)) {
    const match = line.message.startsWith(rule.literal) ? rule.pattern.exec(line.message) : null;
    if (match !== null) return { rule, told: rule.tell(line, match.groups ?? {}) };
  }
  return undefined;
}

/** Every rule that would speak for it: one, or none. */
export const claimants = (line: JournalLine): readonly JournalRule[] =>
  candidates(line).filter(({ pattern }) => pattern.test(line.message));

const NONE: readonly JournalRule[] = [];

/**
 * klog names the source file: another program's line with the same words is not
 * the kubelet's. logrus names none; there the first letter chooses.
 */
const candidates = (line: JournalLine): readonly JournalRule[] =>
  byKey.get(line.logger === 'klog' ? line.file : line.message.charAt(0)) ?? NONE;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const byKey: ReadonlyMap<string, readonly JournalRule[]> = indexed();

function indexed(): ReadonlyMap<string, readonly JournalRule[]> {
  const found = new Map<string, JournalRule[]>();
  for (const rule of journalRules) {
    const key = rule.logger === 'klog' ? baseName(rule.printed.file) : rule.literal.charAt(0);
    found.set(key, [...(found.get(key) ?? []), rule]);
  }
  return found;
}
