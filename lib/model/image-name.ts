// Splits an image reference as pods write it: registry/name:tag@digest.

export interface ImageName {
  readonly name: string;
  /** `latest` when neither tag nor digest is given: that is what the kubelet pulls. */
  readonly tag: string | undefined;
}

export function imageName(image: string): ImageName {
  const [named = image, digest] = image.split('@', 2);
  const colon = named.lastIndexOf(':');
  // A colon before the last slash belongs to a registry port.
  if (colon > named.lastIndexOf('/'))
    return { name: named.slice(0, colon), tag: named.slice(colon + 1) || undefined };
  return { name: named, tag: digest === undefined ? 'latest' : undefined };
}

/** Whether two references mean one image: `nginx` is `docker.io/library/nginx:latest`. */
export const sameImage = (a: string, b: string): boolean => a === b || canonical(a) === canonical(b);

function canonical(image: string): string {
  const slash = image.indexOf('/');
  const host = slash < 0 ? '' : image.slice(0, slash);
  const isHost = host === 'localhost' || /[.:]/.test(host);
  const full = isHost ? image : `docker.io/${slash < 0 ? 'library/' : ''}${image}`;
  const { name, tag } = imageName(full);
  return full.includes('@') ? full : `${name}:${tag ?? ''}`;
}
