// The Kubernetes room: dumps, watch streams and what witnesses wrote down in, one story per pod out.

export { type Documents, readDocuments } from './dumps/documents.ts';
export { looksLikeKubernetes } from './dumps/looks-like.ts';
export { type EvidenceLine, lineRecords } from './lines.ts';
export type { Problem, UnusableRecord } from './objects/problem.ts';
export { type KubeRecord, recordOf } from './objects/record.ts';
export { recordsOf } from './records.ts';
export { storiesOf } from './story/stories.ts';
