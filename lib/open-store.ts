// Opens the place where state lives. The AWS SDK is loaded only when that is a bucket, SQLite only when it is a folder.

import type { ObjectStore } from './ledger/contract.ts';
import { type Patience, retryingStore } from './ledger/retrying-store.ts';

export type StorePlace =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Put in front of every key, with its slash; '' for none. */
      readonly prefix: string;
      readonly region: string;
      readonly endpoint?: string;
    };

const BUCKET_URL = /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>[\w.=/-]{0,500}))?$/;

/** `s3://bucket/prefix`, or else the path of a folder. Undefined for an S3 URL that is none. */
export function storePlaceOf(text: string, region: string, endpoint?: string): StorePlace | undefined {
  if (!text.startsWith('s3://')) return text === '' ? undefined : { kind: 'folder', path: text };
  const groups = BUCKET_URL.exec(text)?.groups;
  if (groups?.['bucket'] === undefined) return undefined;
  const prefix = (groups['prefix'] ?? '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => `${part}/`)
    .join('');
  const place = {
    kind: 's3',
    bucket: groups['bucket'],
    prefix,
    region,
  } as const;
  return endpoint === undefined ? place : { ...place, endpoint };
}

/** With retries of what may pass. Throws only where a folder cannot be made. */
export async function openStore(place: StorePlace, patience: Patience): Promise<ObjectStore> {
  if (place.kind === 'folder') {
    const { folderStore } = await import('./ledger/folder-store.ts');
    return retryingStore(folderStore(place.path), patience);
  }
  const { s3Client, s3Store } = await import('./s3-client.ts');
  const { bucket, prefix, region, endpoint } = place;
  const client = s3Client(endpoint === undefined ? { region } : { region, endpoint });
  return retryingStore(s3Store({ client, bucket, prefix }), patience);
}
