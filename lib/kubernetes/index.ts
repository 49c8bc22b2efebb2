// The Kubernetes room: dumps and watch streams in, one story per pod out.

export { type Documents, readDocuments } from './dumps/documents.ts';
export { looksLikeKubernetes } from './dumps/looks-like.ts';
export { type EvidenceLine, lineRecords, sharedRecords } from './lines.ts';
export type { Problem, UnusableRecord } from './objects/problem.ts';
export { type KubeRecord, recordOf } from './objects/record.ts';
export { type DumpRecords, readDump } from './read-dump.ts';
export { storiesInTurn } from './stories-in-turn.ts';
export { storiesOf } from './story/stories.ts';
