// What is asked of a bucket, in our words: client.ts says it in those of the AWS SDK.

import type { Instant } from '../../base/instant.ts';
import type { Result } from '../../base/result.ts';
import type { Refusal } from '../aws/refusal.ts';

/** `s3://bucket/prefix`: a prefix as S3 means it, not a folder. */
export interface BucketPlace {
  readonly bucket: string;
  readonly prefix: string;
}

export interface ObjectFound {
  readonly key: string;
  /** Whole seconds. Of a multipart upload: when that began, not when it was done. */
  readonly modified: Instant;
  readonly size: number;
  readonly tag: string;
}

export interface ListQuestion extends BucketPlace {
  /** True: what lies below the next slash comes as one prefix. */
  readonly byFolder: boolean;
  readonly token: string | undefined;
  readonly most?: number;
}

export interface Listing {
  readonly objects: readonly ObjectFound[];
  readonly prefixes: readonly string[];
  readonly next: string | undefined;
}

export interface GetQuestion {
  readonly bucket: string;
  readonly key: string;
  /** Only this version of it. */
  readonly tag: string;
  /** Byte to begin with. */
  readonly from: number;
}

export interface Opened {
  /** The byte that the body begins with: servers may not know of ranges. */
  readonly from: number;
  /** Throws when the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
}

type Answer<T> = Promise<Result<T, Refusal>>;

/** Nothing of it rejects. */
export interface BucketApi {
  readonly region: () => Promise<string>;
  readonly list: (question: ListQuestion) => Answer<Listing>;
  readonly get: (question: GetQuestion) => Answer<Opened>;
}
