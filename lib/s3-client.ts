// All that loads the S3 client of the AWS SDK, in one place: so that the bundle has it once, in a file of its own.

export { s3Client, s3Store } from './ledger/s3-store.ts';
export { bucketApi } from './sources/s3-logs/client.ts';
