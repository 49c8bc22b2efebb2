// Something worth a count that changes no startup: nothing happened to a pod, but somebody will look for it.

export interface NoteRecord {
  readonly kind: 'note';
  /** The name in the tally. */
  readonly counts: 'evictions.refused';
}
