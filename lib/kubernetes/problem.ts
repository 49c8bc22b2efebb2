// What could not be read of a Kubernetes dump, in words that help.

export interface Problem {
  /** The file, and the item or line in it. */
  readonly where: string;
  readonly expected: string;
  readonly came: string;
}
