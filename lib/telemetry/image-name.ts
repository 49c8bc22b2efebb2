// A container image reference, taken apart as the semantic conventions want it.

export interface ImageName {
  /** Registry and repository, without tag and digest. */
  readonly name: string;
  readonly tag: string | undefined;
}

/**
 * `docker.io/vllm/vllm-openai:v0.11.0@sha256:…` → name `docker.io/vllm/vllm-openai`, tag `v0.11.0`.
 * A colon before the last slash is a port (`localhost:5000/vllm`), not a tag.
 */
export function imageName(reference: string): ImageName {
  const [plain = ''] = reference.split('@', 1);
  const colon = plain.indexOf(':', plain.lastIndexOf('/') + 1);
  if (colon === -1) return { name: plain, tag: undefined };
  return { name: plain.slice(0, colon), tag: plain.slice(colon + 1) };
}
