// A bucket's logs through the AWS SDK: read only, and the one file that loads the SDK for them.

import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { instant } from '../../base/instant.ts';
import { answered, type Refusal, refusalOf } from '../aws/refusal.ts';
import type { BucketApi, Listing, ObjectFound, Opened } from './api.ts';

export interface ClientConfig {
  /** Undefined: the profile's. */
  readonly region: string | undefined;
  /** Another server than AWS': the bucket then stands in the path. */
  readonly endpoint: string | undefined;
  /** Ends requests that are in flight. */
  readonly signal: AbortSignal;
  /** Undefined: the SDK's own chain, as the aws command has it. */
  readonly credentials?: S3ClientConfig['credentials'];
}

/** A server that says nothing for so long is gone. */
const SILENCE = 30_000;

export function bucketApi({ region, endpoint, signal, credentials }: ClientConfig): BucketApi {
  const client = new S3Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
    // patient.ts tries again: it knows the budget that all share.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: SILENCE,
      throwOnRequestTimeout: true,
      socketTimeout: SILENCE,
    },
    // A part of an object has no checksum of its own, and gzip has one.
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const abort = { abortSignal: signal };
  return {
    region: async () => region ?? (await client.config.region().catch(() => '')),
    list: ({ bucket, prefix, byFolder, token, most }) =>
      told(
        () =>
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              ...(byFolder ? { Delimiter: '/' } : {}),
              ...(token === undefined ? {} : { ContinuationToken: token }),
              ...(most === undefined ? {} : { MaxKeys: most }),
            }),
            abort,
          ),
        listingOf,
      ),
    get: ({ bucket, key, tag, from }) =>
      told(
        () =>
          client.send(
            new GetObjectCommand({
              Bucket: bucket,
              Key: key,
              IfMatch: tag,
              ...(from === 0 ? {} : { Range: `bytes=${from}-` }),
            }),
            abort,
          ),
        openedOf,
      ),
  };
}

const listingOf = ({
  Contents = [],
  CommonPrefixes = [],
  IsTruncated,
  NextContinuationToken,
}: ListObjectsV2CommandOutput): Listing => ({
  objects: Contents.flatMap(objectOf),
  prefixes: CommonPrefixes.flatMap(({ Prefix }) => Prefix ?? []),
  next: IsTruncated === true ? NextContinuationToken : undefined,
});

type Content = NonNullable<ListObjectsV2CommandOutput['Contents']>[number];

/** What has no name, no time or no tag cannot be asked for. */
function objectOf({ Key, LastModified, Size = 0, ETag }: Content): readonly ObjectFound[] {
  if (Key === undefined || LastModified === undefined || ETag === undefined) return [];
  const modified = instant(BigInt(LastModified.getTime()) * 1_000_000n);
  return [{ key: Key, modified, size: Size, tag: ETag }];
}

function openedOf({ Body, ContentRange }: GetObjectCommandOutput): Opened {
  const from = Number(/^bytes (\d{1,15})-/.exec(ContentRange ?? '')?.[1] ?? 0);
  const isStream = Body !== undefined && Symbol.asyncIterator in Body;
  return { from, body: isStream ? Body : nothing() };
}

async function* nothing(): AsyncIterable<Uint8Array> {}

const told = <Output, T>(send: () => Promise<Output>, read: (output: Output) => T) =>
  answered(send, read, bucketRefusal);

/** S3 says in a header where the bucket is; to GET also in the words `expecting 'eu-west-1'`. */
function bucketRefusal(error: unknown): Refusal {
  const refusal = refusalOf(error);
  const region = regionSaid(error) ?? /expecting '([a-z0-9-]{1,32})'/.exec(refusal.says)?.[1];
  const isElsewhere = region !== undefined && (refusal.status === 301 || refusal.status === 400);
  return isElsewhere ? { ...refusal, code: 'WrongRegion', says: region } : refusal;
}

function regionSaid(error: unknown): string | undefined {
  const response = inside(error, '$response');
  const said = inside(inside(response, 'headers'), 'x-amz-bucket-region');
  return typeof said === 'string' && /^[a-z0-9-]{1,32}$/.test(said) ? said : undefined;
}

/** A member that may be hidden from lists of members, as `$response` is. */
const inside = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
