// State in an S3 bucket, with S3's own conditional writes.
//
// The only file that knows the AWS SDK. The SDK tries again by itself, so a refusal may be that of
// one's own second try: `recognisingOwn` looks. 409 ConditionalRequestConflict (AWS, two writers at the
// same moment; versitygw never says it) means that nothing was decided: it passes.

import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  type Fetched,
  LARGEST_PAGE,
  type Listed,
  type ObjectStore,
  type Page,
  type Removed,
  type Tag,
  type Trouble,
  type Unknown,
  type Written,
} from './contract.ts';
import { asKey, type Key } from './key.ts';
import { recognisingOwn } from './own-writes.ts';

export interface S3Place {
  readonly client: S3Client;
  readonly bucket: string;
  /** Put in front of every key: `prod/` keeps two installations in one bucket apart. '' for none. */
  readonly prefix: string;
}

export interface S3Settings {
  readonly region: string;
  /** For what is not AWS; the bucket then stands in the path. */
  readonly endpoint?: string;
  /** Without them: as the SDK finds them (the role of the function). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A client that gives up on a silent server, since a lease is running out meanwhile. */
export function s3Client({ endpoint, ...settings }: S3Settings): S3Client {
  return new S3Client({
    ...settings,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
}

export function s3Store(place: S3Place): ObjectStore {
  return recognisingOwn({
    name: `s3://${place.bucket}/${place.prefix}`,
    get: (key) => get(place, key),
    create: (key, body) => put(place, { key, body, condition: { IfNoneMatch: '*' } }),
    replace: (key, body, tag) => put(place, { key, body, condition: { IfMatch: tag } }),
    remove: (key, tag) => remove(place, key, tag),
    list: (prefix, page) => list(place, prefix, page),
  });
}

const at = ({ bucket, prefix }: S3Place, key: Key) => ({ Bucket: bucket, Key: `${prefix}${key}` });

async function get(place: S3Place, key: Key): Promise<Fetched> {
  try {
    const { Body, ETag } = await place.client.send(new GetObjectCommand(at(place, key)));
    if (Body === undefined || ETag === undefined) return strange('a GET without body or ETag');
    return { status: 'found', body: await Body.transformToByteArray(), tag: ETag as Tag };
  } catch (error) {
    return isAbsent(error) ? { status: 'absent' } : reading(error);
  }
}

interface Put {
  readonly key: Key;
  readonly body: Uint8Array;
  readonly condition: { readonly IfNoneMatch: string } | { readonly IfMatch: string };
}

async function put(place: S3Place, { key, body, condition }: Put): Promise<Written> {
  try {
    const command = new PutObjectCommand({ ...at(place, key), ...condition, Body: body });
    const { ETag } = await place.client.send(command);
    return ETag === undefined
      ? { status: 'unknown', reason: 'a PUT without ETag' }
      : { status: 'written', tag: ETag as Tag };
  } catch (error) {
    // S3 answers 404 to If-Match on a key that is not there.
    return statusOf(error) === 412 || isAbsent(error) ? { status: 'conflict' } : writing(error);
  }
}

async function remove(place: S3Place, key: Key, tag: Tag): Promise<Removed> {
  try {
    await place.client.send(new DeleteObjectCommand({ ...at(place, key), IfMatch: tag }));
    return { status: 'removed' };
  } catch (error) {
    if (statusOf(error) === 412) return { status: 'conflict' };
    return isAbsent(error) ? { status: 'removed' } : writing(error);
  }
}

async function list(place: S3Place, prefix: string, { after, limit }: Page = {}): Promise<Listed> {
  try {
    const { Contents = [], IsTruncated } = await place.client.send(
      new ListObjectsV2Command({
        Bucket: place.bucket,
        Prefix: `${place.prefix}${prefix}`,
        MaxKeys: limit ?? LARGEST_PAGE,
        ...(after === undefined ? {} : { StartAfter: `${place.prefix}${after}` }),
      }),
    );
    const names = Contents.flatMap(({ Key }) => Key?.slice(place.prefix.length) ?? []);
    const keys = names.flatMap((name) => asKey(name) ?? []);
    const next = IsTruncated === true ? names.at(-1) : undefined;
    return next === undefined ? { status: 'page', keys } : { status: 'page', keys, next };
  } catch (error) {
    return reading(error);
  }
}

/** HTTP status of an answer, or undefined when there was none. The SDK's errors carry it as `$metadata`. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  const isMetadata = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return isMetadata && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error');

/** A missing bucket is no missing key. */
const isAbsent = (error: unknown): boolean => statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';

const reasonOf = (error: unknown): string => {
  const status = statusOf(error);
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return status === undefined ? said : `HTTP ${status} ${said}`;
};

const strange = (reason: string): Trouble => ({ status: 'failed', reason, passing: true });

/** Nothing is changed by reading: whatever is not a plain refusal passes. */
function reading(error: unknown): Trouble {
  const status = statusOf(error);
  const passing = status === undefined ? !isOwnTrouble(error) : isPassing(status);
  return { status: 'failed', reason: reasonOf(error), passing };
}

/** Without an answer, or with one from half-way (500, 502, 504), the write may have arrived. */
function writing(error: unknown): Trouble | Unknown {
  const status = statusOf(error);
  const isRefusal = status !== undefined && (status < 500 || nameOf(error) === 'SlowDown');
  if (!isRefusal && !isOwnTrouble(error)) return { status: 'unknown', reason: reasonOf(error) };
  return { status: 'failed', reason: reasonOf(error), passing: status !== undefined && isPassing(status) };
}

const isPassing = (status: number): boolean => status >= 500 || [408, 409, 429].includes(status);

/** No credentials, no region: nothing was ever sent. */
const isOwnTrouble = (error: unknown): boolean =>
  nameOf(error) === 'CredentialsProviderError' || /\bRegion is missing\b/.test(reasonOf(error));
