// What the single envelopes say beyond their examples.

import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../lib/base/instant.ts';
import { openLine } from '../../lib/framings/open-line.ts';

const opened = (raw: string) => {
  const { framing, framed } = openLine(raw);
  return { name: framing?.name, first: framed[0], count: framed.length };
};

const at = (raw: string): string | undefined => {
  const stamp = opened(raw).first?.stamp;
  return stamp === undefined ? undefined : formatInstant(stamp.at);
};

describe('partial lines', () => {
  it.each([
    ['2026-11-22T01:34:02.5Z stdout P half', true],
    ['2026-11-22T01:34:02.5Z stdout P', true],
    ['2026-11-22T01:34:02.5Z stdout P:x half', true],
    ['2026-11-22T01:34:02.5Z stdout F whole', false],
    ['{"log":"half","stream":"stdout","time":"2026-11-22T01:34:02.5Z"}', true],
    ['{"log":"a backslash and an n: \\\\n","stream":"stdout","time":"2026-11-22T01:34:02.5Z"}', true],
    ['{"log":"whole\\n","stream":"stdout","time":"2026-11-22T01:34:02.5Z"}', false],
    ['{"log":"whole, but \\" not } JSON \\x\\n","stream":"stdout","time":"2026-11-22T01:34:02.5Z"}', false],
    ['{"log":"half","logtag":"P","stream":"stdout","time":"2026-11-22T01:34:02.5Z"}', true],
    ['{"log":"whole","_p":"F","stream":"stdout","time":"2026-11-22T01:34:02.5Z"}', false],
    ['{"MESSAGE":"half","CONTAINER_PARTIAL_MESSAGE":"true","__REALTIME_TIMESTAMP":"1795311699051933"}', true],
  ])('%s → %s', (raw, partial) => expect(opened(raw).first?.partial).toBe(partial));
});

describe('times', () => {
  it.each([
    ['2026-09-18T13:00:00,123456789+00:00 stdout F kwok', '2026-09-18T13:00:00.123456789Z'],
    ['{"log":"text","stream":"stdout","time":"qwerty"}', undefined],
    ['{"log":"text\\n","stream":"stdout","date":1597871185.922652}', '2020-08-19T21:06:25.922652000Z'],
    [
      '{"log":"text","kubernetes":{"pod_name":"p"},"@timestamp":"2026-11-22T01:34:02.123Z"}',
      '2026-11-22T01:34:02.123000000Z',
    ],
    ['[[1554141513.598656,{}],{"log":"text","_p":"F"}]', '2019-04-01T17:58:33.598656000Z'],
    [
      '{"@timestamp":"2026-11-22 01:34:02.123","@message":"text","@logStream":"s"}',
      '2026-11-22T01:34:02.123000000Z',
    ],
    ['Sun 2026-11-22 01:41:39.051933 UTC vm vllm[1]: text', '2026-11-22T01:41:39.051933000Z'],
    ['Nov 22 01:41:39.051933 vm vllm[1]: text', undefined],
    ['2026-11-22T01:41:39+00:00 vm kernel: text', '2026-11-22T01:41:39.000000000Z'],
    ['2026-05-01T22:45:03Z | text', '2026-05-01T22:45:03.000000000Z'],
    ['[2026-05-01 22:45:03] (APIServer pid=1) text', '2026-05-01T22:45:03.000000000Z'],
    ['2026-99-01T22:45:03Z stdout F an impossible date', undefined],
    [
      '{"timestamp":"2026-11-22T01:34:00.853Z","level":"INFO","fields":{"message":"text"},"target":"x"}',
      '2026-11-22T01:34:00.853000000Z',
    ],
  ])('%s → %s', (raw, expected) => {
    expect(opened(raw).name).toBeDefined();
    expect(at(raw)).toBe(expected);
  });

  it.each([
    ['2026-05-01 22:45:03.974 | text', false],
    ['[2026-05-01T22:45:03.974Z] text', true],
    ['2026-05-01 22:45:03+02:00 INFO:     Application startup complete.', true],
    ['Sun 2026-11-22 02:41:39 CET vm vllm[1]: text', false],
  ])('%s: zoned %s', (raw, zoned) => expect(opened(raw).first?.stamp?.zoned).toBe(zoned));

  it.each([
    // containerd cuts trailing zeros: a time without a fraction is as good as any.
    ['2026-11-22T01:34:02Z stdout F text', 1n],
    ['2026-11-22T01:34:02.500Z text of a service', 1_000_000n],
    ['2026-11-22T01:34:02.5000001Z INFO:     text', 1n],
    ['2026-11-22T01:34:02.123456789Z stdout F text', 1n],
    ['{"timestamp":1795311242123,"message":"text"}', 1_000_000n],
    ['{"MESSAGE":"text","__REALTIME_TIMESTAMP":"1795311699051933"}', 1_000n],
  ])('%s: good to %s ns', (raw, precision) => expect(opened(raw).first?.stamp?.precision).toBe(precision));
});

describe('identity', () => {
  it.each([
    ['[pod/llm-0/engine] text', { pod: 'llm-0', container: 'engine' }],
    ['vllm-server  | text', { container: 'vllm-server' }],
    ['vllm_1 | text', { container: 'vllm_1' }],
    [
      '{"message":"text","source_type":"file","file":"/var/log/pods/n_p-0_d936022a-9252-412a-9633-75b6c7ad4e8b/c/2.log"}',
      { namespace: 'n', pod: 'p-0', uid: 'd936022a-9252-412a-9633-75b6c7ad4e8b', container: 'c', restart: 2 },
    ],
    [
      '{"__REALTIME_TIMESTAMP":"1795311699051933","CONTAINER_NAME":"vllm","_HOSTNAME":"vm","MESSAGE":"text"}',
      { container: 'vllm', node: 'vm' },
    ],
    [
      '{"hostname":"vm","systemd_unit":"kubelet.service","message":"text"}',
      { container: 'kubelet', node: 'vm' },
    ],
  ])('%s', (raw, identity) => expect(opened(raw).first?.identity).toEqual(identity));

  it('of OTLP comes from the resource, and each record is a line', () => {
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const record = (timeUnixNano: string, text: string) => ({ timeUnixNano, body: { stringValue: text } });
    const resource = {
      attributes: [
        attribute('k8s.pod.name', 'llm-0'),
        { key: 'k8s.container.restart_count', value: { intValue: '3' } },
      ],
    };
    const logRecords = [
      record('1795311242123456789', 'one'),
      { ...record('0', 'two'), observedTimeUnixNano: '1795311243000000000' },
    ];
    const { framed } = openLine(
      JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }),
    );
    expect(framed.map(({ text, stamp }) => [text, formatInstant(stamp?.at ?? (0n as never))])).toEqual([
      ['one', '2026-11-22T01:34:02.123456789Z'],
      ['two', '2026-11-22T01:34:03.000000000Z'],
    ]);
    expect(framed[1]?.identity).toEqual({ pod: 'llm-0', restart: 3 });
  });
});

describe('headers of JSON logging', () => {
  it.each([
    [
      '{"level": "INFO", "time": "07-23 22:28:15.16", "file_path": "/x/llm_engine.py", "message": "m"}',
      { file: 'llm_engine.py', clock: { nanosecond: 16_000_000, precision: 1_000_000n } },
    ],
    [
      '{"level": "INFO", "time": "07-23 22:28:15.0", "message": "m"}',
      { clock: { nanosecond: 0, precision: 1_000_000n } },
    ],
    [
      '{"level": "INFO", "time": "07-23 22:28:16", "message": "m"}',
      { clock: { second: 16, nanosecond: 0, precision: 1_000_000_000n } },
    ],
    [
      '{"asctime": "2026-11-22T01:34:00.5", "levelname": "WARN", "message": "m"}',
      { level: 'WARNING', clock: { year: 2026, nanosecond: 500_000_000, precision: 100_000_000n } },
    ],
    ['{"levelname": "INFO", "fileinfo": "v1/engine/core.py:97", "message": "m"}', { file: 'core.py' }],
    [
      '{"levelname": "INFO", "processName": "MainProcess", "process": 7, "message": "m"}',
      { speaker: { name: '' } },
    ],
    [
      '{"levelname": "INFO", "processName": "EngineCore", "process": 7, "message": "m"}',
      { speaker: { name: 'EngineCore', pid: 7 } },
    ],
    [
      '(RayWorkerWrapper pid=7, ip=10.0.0.2) (Worker_TP0 pid=9) {"message": "m"}',
      { speaker: { name: 'Worker_TP0', pid: 9, ip: '10.0.0.2' }, level: '', file: '' },
    ],
    ['{"message": "m"}', { speaker: { name: '' }, level: '', file: '', logger: '' }],
  ])('%s', (raw, header) => {
    expect(opened(raw).name).toBe('json-logging');
    expect(opened(raw).first?.header).toMatchObject(header);
  });

  it("survive a merge into a shipper's record", () => {
    const raw =
      '{"kubernetes":{"pod_name":"p"},"log_processed":{"levelname":"INFO","name":"vllm.config.model","message":"m"}}';
    expect(opened(raw).first).toMatchObject({ text: 'm', header: { logger: 'vllm.config.model' } });
  });
});
