// The reports by the name of their format; each is loaded only when it is asked for.

import type { Report } from './contract.ts';

export type ReportFormat = 'table' | 'json' | 'chrome' | 'explain';

export const REPORTS: Readonly<Record<ReportFormat, () => Promise<Report>>> = {
  table: async () => (await import('./table.ts')).tableReport,
  json: async () => (await import('./json.ts')).jsonReport,
  chrome: async () => (await import('./chrome.ts')).chromeReport,
  explain: async () => (await import('./explain.ts')).explainReport,
};
