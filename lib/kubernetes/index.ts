// The Kubernetes room: dumps and watch streams in, one story per pod out.

export { type Documents, readDocuments } from './documents.ts';
export { looksLikeKubernetes } from './looks-like.ts';
export type { Problem, UnusableRecord } from './problem.ts';
export { type KubeRecord, recordOf } from './record.ts';
export { storiesOf } from './stories.ts';
