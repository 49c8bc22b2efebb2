// What could not be read of a Kubernetes dump, in words that help.

export interface Problem {
  /** The file, and the item or line in it. */
  readonly where: string;
  readonly expected: string;
  readonly came: string;
}

/** An object of a kind that matters, without what would make it usable. */
export interface UnusableRecord {
  readonly kind: 'unusable';
  /** True when only single values of the object are not used. */
  readonly isPartly?: true;
  readonly problem: Problem;
}
