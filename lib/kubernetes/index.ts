// The Kubernetes room: dumps, watch streams and what witnesses wrote down in, one story per pod out.

export { type Documents, readDocuments } from './dumps/documents.ts';
export { looksLikeKubernetes } from './dumps/looks-like.ts';
export type { Told } from './journal/contract.ts';
export { type Joined, joinJournal, journalSightings } from './journal/join.ts';
export type { JournalLine } from './journal/journal-line.ts';
export { opensJournalLine, parseJournalLine } from './journal/line.ts';
export { claimOf, journalRules } from './journal/rules.ts';
export { type WantedImage, wantedImages } from './journal/wanted-images.ts';
export { type EvidenceLine, type LineTopic, lineRecords, sharedRecords, type ToldLine } from './lines.ts';
export type { JournalRecord } from './objects/journal-record.ts';
export { isPlausible } from './objects/moments.ts';
export type { Problem, UnusableRecord } from './objects/problem.ts';
export { type KubeRecord, recordOf } from './objects/record.ts';
export { recordSharing } from './objects/shared-record.ts';
export { type DumpRecords, readDump } from './read-dump.ts';
export { recordsOf } from './records.ts';
export { storiesInTurn } from './stories-in-turn.ts';
export { storiesOf } from './story/stories.ts';
