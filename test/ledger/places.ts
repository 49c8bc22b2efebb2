// Where state lies in a test: told to child processes as JSON.

import type { ObjectStore } from '../../lib/ledger/contract.ts';
import { folderStore } from '../../lib/ledger/folder-store.ts';
import { type S3Settings, s3Client, s3Store } from '../../lib/ledger/s3-store.ts';

export type Place =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string; readonly settings: S3Settings };

export function storeAt(place: Place): ObjectStore {
  if (place.kind === 'folder') return folderStore(place.path);
  const { bucket, prefix, settings } = place;
  return s3Store({ client: s3Client(settings), bucket, prefix });
}
