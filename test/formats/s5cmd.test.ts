// s5cmd 1.4 to 2.3: real lines of our own runs against a stub.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { says } from './says.ts';

const UNDER_WAY = 'during s5cmd_download';
const ENDED = 'ended s5cmd_download';

describe('a finished object is progress and, if the last, the end', () => {
  test.each([
    'cp s3://bucket/model/config.json model_files/config.json',
    'cp s3://bucket/model/a key with blanks.json /srv/app/model files/a key with blanks.json',
    'mv s3://bucket/model/config.json model_files/config.json',
  ])('%s', (line) => {
    expect(says(line)).toEqual([UNDER_WAY, ENDED]);
  });

  test.each([
    [
      '{"operation":"cp","success":true,"source":"s3://b/model.safetensors","destination":"model_files/model.safetensors","object":{"type":"file","size":266381160}}',
      266381160,
    ],
    [
      '{"operation":"cp","success":true,"source":"s3://b/x\\",\\"size\\":7,","destination":"m/x","object":{"type":"file","size":666,"etag":"e"}}',
      666,
    ],
  ])('%s', (line, bytes) => {
    expect(says(line)).toEqual([UNDER_WAY, ENDED, `s5cmd.object_bytes=${bytes}`]);
  });

  test('whatever the key', () => {
    const key = fc.stringMatching(/^[\w./() -]{1,40}$/).map((text) => `k${text}k`);
    fc.assert(
      fc.property(key, (name) => {
        expect(says(`cp s3://bucket/${name} model_files/${name}`)).toEqual([UNDER_WAY, ENDED]);
      }),
    );
  });
});

describe('the totals', () => {
  test.each([
    ['Operation\tTotal\tError\tSuccess\t', [ENDED]],
    ['cp\t\t12\t0\t12\t', [ENDED]],
    ['sync\t\t1\t0\t1\t', [ENDED]],
    ['{"operation":"cp","success":1,"error":0}', [ENDED]],
    [
      '18.86%  ━━━───  38.88 MB / 206.17 MB ? p/s ? (6/11)68.13%  ━━━━━─  140.47 MB / 206.17 MB (169.35 MB/s) 0s left (8/11)100.00%  ━━━━━━  206.17 MB / 206.17 MB (191.19 MB/s) 1.3s (11/11)',
      ['lasted s5cmd_download 1.3 s whole', 's5cmd.objects=11', 's5cmd.total_bytes=206170000'],
    ],
    [
      '0.00%  ━───  0 B / 15.33 GB ? p/s ? (0/11)100.00%  ━━━━  15.33 GB / 15.33 GB (191.19 MB/s) 1m20s (11/11)',
      ['lasted s5cmd_download 80 s whole', 's5cmd.objects=11', 's5cmd.total_bytes=15330000000'],
    ],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });

  test('a bar that never came to its end ends nothing', () => {
    expect(says('18.86%  ━━━───  38.88 MB / 206.17 MB ? p/s ? (6/11)')).toEqual([]);
  });
});

describe('trouble', () => {
  test.each([
    [
      'ERROR "cp s3://b/m/x.safetensors mf/x.safetensors": AccessDenied: Access Denied status code: 403, request id: , host id:',
      'failed download_failed',
    ],
    [
      'ERROR "cp s3://b/m/x.safetensors mf/x.safetensors": RequestError: open mf/x: too many open files',
      'failed download_failed',
    ],
    ['ERROR "cp s3://scale-ml/nothing/* model_files": no object found', 'failed model_not_found'],
    [
      'ERROR "cp s3://late-bucket/demo/* /models/demo/": NoSuchBucket: The specified bucket does not exist. status code: 404',
      'failed model_not_found',
    ],
    [
      '{"operation":"cp","command":"cp s3://b/x mf/x","error":"AccessDenied: Access Denied status code: 403"}',
      'failed download_failed',
    ],
    ['{"operation":"cp","command":"cp s3://b/x/* mf","error":"no object found"}', 'failed model_not_found'],
    ['Incorrect Usage: flag provided but not defined: -include', 'failed bad_arguments'],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual([expected]);
  });

  test('a retry is progress, and counted by its reason', () => {
    expect(says('DEBUG retryable error: SlowDown: Please reduce your request rate.')).toEqual([
      UNDER_WAY,
      's5cmd.retries=SlowDown: Please reduce your request rate.',
    ]);
  });

  test('what was there already is no download', () => {
    expect(
      says(
        'DEBUG "sync s3://b/config.json mw/config.json": object is newer or same age and object size matches',
      ),
    ).toEqual([UNDER_WAY, 's5cmd.already_there=true']);
  });
});

describe('not a download', () => {
  test.each([
    'cp s3://bucket/a s3://bucket/b',
    'cp out.json s3://bucket/out.json',
    '{"operation":"cp","success":true,"source":"out.json","destination":"s3://b/out.json","object":{"type":"file","size":1}}',
    '+ cp s3://bucket/model/config.json model_files/config.json',
    'running cp s3://bucket/model/config.json model_files/config.json',
    '(APIServer pid=7) INFO 11-22 02:26:23 [api_utils.py:286] cp s3://bucket/model/config.json model_files/config.json',
    '\tstatus code: 503, request id: , host id: ',
    'caused by: Get "http://127.0.0.1:17073/bucket": read: connection reset by peer',
  ])('%s', (line) => {
    expect(says(line)).toEqual([]);
  });
});
