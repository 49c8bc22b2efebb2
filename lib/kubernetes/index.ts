// The Kubernetes room: dumps and watch streams in, one story per pod out.

export { type Documents, readDocuments } from './documents.ts';
export { looksLikeKubernetes } from './looks-like.ts';
export type { Problem } from './problem.ts';
export { type KubeRecord, recordOf, type UnusableRecord } from './record.ts';
export { storiesOf } from './stories.ts';
