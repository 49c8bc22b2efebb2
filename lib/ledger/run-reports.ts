// What each run did, in one file per run: the first place to look when something is missing.

import * as z from 'zod';
import { redact } from '../base/redact.ts';
import { cut } from '../base/text.ts';
import type { Trouble, Written } from './contract.ts';
import { countField, countsField, instantField, nameField, reasonField } from './fields.ts';
import { dayOf, keyOf, stampOf } from './key.ts';
import type { Ledger } from './ledger.ts';
import { createState, type StateKind, type Unreadable } from './state-file.ts';
import { statesUnder } from './states-under.ts';

const schema = z.strictObject({
  run: nameField,
  source: nameField,
  generation: countField,
  started: instantField,
  ended: instantField,
  /** `skipped`: another run held the lease. `partial`: something is parked, ambiguous, refused or a dead letter. */
  status: z.enum(['ok', 'partial', 'failed', 'skipped']),
  watermark: z.strictObject({ from: instantField, to: instantField }).optional(),
  counts: countsField,
  /** For people: what was restored, quarantined, refused. */
  notes: z.array(reasonField).max(200).readonly(),
});

export type RunReport = z.output<typeof schema>;

export type Reports =
  | {
      readonly status: 'reports';
      readonly reports: readonly RunReport[];
      readonly unreadable: readonly Unreadable[];
    }
  | Trouble;

const kind: StateKind<RunReport> = { name: 'run', version: 1, schema };

export function writeReport(ledger: Ledger, report: RunReport): Promise<Written> {
  const name = `${stampOf(report.started)}-${report.run}`;
  const notes = report.notes.slice(0, 200).map((note) => cut(redact(note), 2000));
  const key = keyOf('v1/runs', [dayOf(report.started), name], '.json');
  return createState(ledger, { kind, key }, { ...report, notes });
}

/** Those of one day (`2026-08-21`), in the order in which they began. */
export async function reportsOf(ledger: Ledger, day: string, most = 2000): Promise<Reports> {
  const read = await statesUnder(ledger, kind, { prefix: `v1/runs/${day}/`, most });
  return read.status === 'failed'
    ? read
    : { status: 'reports', reports: read.values, unreadable: read.unreadable };
}
