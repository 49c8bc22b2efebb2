// The reports by the name of their format; each is loaded only when it is asked for.

import type { Report, Telling, Told } from './contract.ts';

export type ReportFormat = 'table' | 'json' | 'chrome' | 'explain';

export const REPORTS: Readonly<Record<ReportFormat, () => Promise<Report>>> = {
  table: async () => whole((await import('./table.ts')).tableReport),
  json: async () => (await import('./json.ts')).jsonPieces,
  chrome: async () => whole((await import('./chrome.ts')).chromeReport),
  explain: async () => whole((await import('./explain.ts')).explainReport),
};

/** One piece. */
function whole(report: (told: Told, telling: Telling) => string): Report {
  return (told, telling) => [report(told, telling)];
}
