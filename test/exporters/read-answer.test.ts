// Status codes and headers, as the OTLP specification and real destinations use them.

import { describe, expect, it } from 'vitest';
import { readAcknowledgement } from '../../lib/exporters/acknowledgement.ts';
import { readRefusal, retryAfter } from '../../lib/exporters/read-answer.ts';
import { readFailure } from '../../lib/exporters/read-failure.ts';

describe('status', () => {
  it.each([
    [429, 'later'],
    [502, 'later'],
    [503, 'later'],
    [504, 'later'],
    [400, 'malformed'],
    [413, 'malformed'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'denied'],
    [302, 'denied'],
    [408, 'refused'],
    [500, 'refused'],
    [501, 'refused'],
    [422, 'refused'],
  ])('%i is %s', (status, kind) => {
    expect(readRefusal({ status, headers: {}, body: '', signal: 'traces' }).kind).toBe(kind);
  });
});

describe('what the destination said', () => {
  it.each([
    ['{"code":14,"message":"sending queue is full"}', 'HTTP 500: sending queue is full'],
    // The Collector's protobuf Status, read as UTF-8 text: code 3, length 9, message.
    ['\u0008\u0003\u0012\u0009body huge', 'HTTP 500: body huge'],
    [`\u0012\uFFFD\u0001${'x'.repeat(130)}`, `HTTP 500: ${'x'.repeat(130)}`],
    ['plain words', 'HTTP 500: plain words'],
    ['\u001b[31mred\r\n', 'HTTP 500: red'],
    ['', 'HTTP 500'],
  ])('%j', (body, reason) => {
    expect(
      readRefusal({ status: 500, headers: {}, body, signal: 'traces' }).reason.replace('\uFFFD', ''),
    ).toBe(reason);
  });
});

describe('Retry-After', () => {
  const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
  it.each([
    [{ 'retry-after': '3' }, 3_000_000_000n],
    [{ 'retry-after': '0' }, 0n],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:09 GMT', date }, 9_000_000_000n],
    [{ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT', date }, 0n],
    [{ 'retry-after': 'Sun, 22 Nov 2026 10:00:09 GMT' }, undefined],
    [{ 'retry-after': 'soon', date }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{}, undefined],
  ])('%o', (headers, wait) => {
    expect(retryAfter(headers)).toBe(wait);
  });
});

describe('an answer with 200', () => {
  const ok = (rejected = 0, message = '') => ({ ok: true, value: { rejected, message } });
  it.each<[string, string, unknown]>([
    ['', '', ok()],
    ['{}', 'application/json', ok()],
    // What some servers answer to protobuf.
    ['{}', 'application/x-protobuf', ok()],
    ['{"partialSuccess":{}}', 'application/json', ok()],
    ['{"partialSuccess":{"rejectedSpans":"7","errorMessage":"old"}}', 'application/json', ok(7, 'old')],
    ['{"partialSuccess":{"rejectedSpans":7}}', '', ok(7)],
    ['\u000a\u0000', 'application/x-protobuf', ok()],
    ['\u000a\u0007\u0008\u0002\u0012\u0003bad', 'application/x-protobuf', ok(2, 'bad')],
  ])('%j %s', (body, type, read) => {
    expect(readAcknowledgement(Buffer.from(body), type, 'traces')).toEqual(read);
  });

  it.each([
    ['<html>', 'text/html'],
    ['<html>', ''],
    ['Accepted, thanks', 'text/plain'],
    ['ok', ''],
    ['{"partialSuccess"', 'application/json'],
    ['{"partialSuccess":{"rejectedSpans":"many"}}', 'application/json'],
    ['\u000a\u0007\u0008', 'application/x-protobuf'],
  ])('%j %s is no acknowledgement', (body, type) => {
    expect(readAcknowledgement(Buffer.from(body), type, 'traces').ok).toBe(false);
  });
});

describe('of points', () => {
  it.each([
    ['{"partialSuccess":{"rejectedDataPoints":"7","errorMessage":"old"}}', 'application/json', 7],
    ['\u000a\u0007\u0008\u0002\u0012\u0003bad', 'application/x-protobuf', 2],
    // An answer about spans says nothing of points.
    ['{"partialSuccess":{"rejectedSpans":7}}', 'application/json', 0],
  ])('%j', (body, type, rejected) => {
    expect(readAcknowledgement(Buffer.from(body), type, 'metrics')).toMatchObject({ value: { rejected } });
  });

  it('a hint names the path and the variable of its signal', () => {
    const { reason } = readRefusal({ status: 404, headers: {}, body: '', signal: 'metrics' });
    expect(reason).toContain('nothing takes metrics at this path');
    expect(reason).toContain('a base URL gets /v1/metrics, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is used');
  });
});

describe('no answer', () => {
  const errorWith = (code: string, message = code) => Object.assign(new Error(message), { code });
  it.each([
    [errorWith('ECONNREFUSED'), 'later'],
    [errorWith('ENOTFOUND'), 'later'],
    [new AggregateError([errorWith('ECONNREFUSED', 'connect ECONNREFUSED ::1:4318')]), 'later'],
    [new Error('Request timed out'), 'later'],
    [errorWith('DEPTH_ZERO_SELF_SIGNED_CERT'), 'denied'],
    [errorWith('ENOENT'), 'denied'],
    ['odd', 'denied'],
    [undefined, 'denied'],
  ])('%s is %s', (error, kind) => {
    expect(readFailure(error).kind).toBe(kind);
  });

  it('names the address that was refused', () => {
    const both = new AggregateError([errorWith('ECONNREFUSED', 'connect ECONNREFUSED ::1:4318')]);
    expect(readFailure(both).reason).toMatch(/^connect ECONNREFUSED ::1:4318: /);
  });
});
