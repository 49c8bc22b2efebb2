// docs/journal-lines.md, made of the rules themselves: every line of a node's journal that is understood.

import type { JournalRule, Printed } from '../lib/kubernetes/journal/contract.ts';
import { journalRules } from '../lib/kubernetes/journal/rules.ts';

/** The whole page; ends in a line feed. */
export function journalPage(): string {
  const parts = [INTRODUCTION, table(), ...journalRules.map(ruleText)];
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `# Lines of a node's journal

Made by \`npm run docs\` from \`lib/kubernetes/journal\`: do not edit. ${journalRules.length} rules. What they are good for, and how to get
the journal out of a node, is in [witnesses.md](witnesses.md).

A line of the kubelet counts only when the source file in its header is the one that prints it, and every message only as a whole.
Two forms of one line are two rules: \`_1\` stands for the form of containerd 1.x.`;

function table(): string {
  const rows = journalRules.map(
    ({ id, printed, gives }) => `| \`${id}\` | ${versions(printed)} | ${gives} |`,
  );
  return ['| rule | printed by | gives |', '|---|---|---|', ...rows].join('\n');
}

const versions = ({ program, from, to }: Printed): string =>
  to === undefined
    ? `${program} since ${from}`
    : from === to
      ? `${program} ${from}`
      : `${program} ${from} to ${to}`;

function ruleText({ id, printed, seen, example }: JournalRule): string {
  const about = `${versions(printed)}, \`${printed.file}\`; example: ${seen}.`;
  return [`## ${id}`, about, `\`\`\`text\n${example}\n\`\`\``].join('\n\n');
}
