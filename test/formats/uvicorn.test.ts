// Uvicorn's lifespan lines, and access lines whose beginning a client chose.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BARE, NOBODY } from '../../lib/model/line.ts';
import { ruleOf, says } from './says.ts';

const json = (logger: string) => ({ ...BARE, speaker: NOBODY, level: 'INFO', logger });

describe('what the server says', () => {
  test.each([
    ['INFO:     Started server process [3667]', ['after_engine']],
    ['INFO:     Waiting for application startup.', ['after_engine']],
    ['INFO:     Application startup complete.', ['ready']],
    ['(APIServer pid=12236) INFO:     Application startup complete.', ['ready']],
    ['\u001b[32mINFO\u001b[0m:     Application startup complete.', ['ready']],
    ['INFO:     Application startup complete.\r', ['ready']],
    ['INFO 07-23 22:28:28.478 on.py:62] Application startup complete.', ['ready']],
    ['2024-09-25 14:52:21.123 uvicorn.error INFO:     Application startup complete.', ['ready']],
    ['INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)', ['after_engine']],
    ['ERROR:    Application startup failed. Exiting.', ['failed after exception']],
    ['INFO:     Shutting down', []],
    ['INFO:     Finished server process [3667]', []],
  ])('%s', (line, expected) => {
    expect(ruleOf(line)).toMatch(/^uvicorn\./);
    expect(says(line)).toEqual(expected);
  });

  test('under JSON logging the logger uvicorn.error is the server, uvicorn.access a client', () => {
    expect(says('Application startup complete.', json('uvicorn.error'))).toEqual(['ready']);
    expect(
      says('Application startup complete.:0 - "GET /health HTTP/1.1" 200', json('uvicorn.access')),
    ).toEqual([]);
    expect(says('Application startup complete.', json('uvicorn.access'))).toEqual([]);
  });
});

describe('what a client forged', () => {
  test.each([
    'INFO:     Application startup complete.:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     127.0.0.1:41556 - "GET /v1/models?x=INFO:     Application startup complete. HTTP/1.1" 200 OK',
    'INFO:     x\u0085INFO:     Application startup complete.\u0085y:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     Application startup complete.\u0085y:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     cp s3://bucket/model/config.json model_files/config.json:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     Started server process [1]:0 - "GET /health HTTP/1.1" 200 OK',
    'Application startup complete.',
  ])('%s', (line) => {
    expect(says(line)).toEqual([]);
  });

  test('no client address makes an access line say anything', () => {
    const forged = fc.oneof(
      fc.constantFrom('Application startup complete.', 'Shutting down', 'RuntimeError: x', 'cp s3://b/k d'),
      fc.string({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(forged, forged, (client, path) => {
        const clean = (text: string): string => text.replace(/[^\P{Cc}]/gu, '');
        const line = `INFO:     ${clean(client)}:0 - "GET /${clean(path)} HTTP/1.1" 200 OK`;
        expect(says(line)).toEqual([]);
      }),
    );
  });
});
