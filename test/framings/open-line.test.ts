// Nested envelopes: whose line it is comes from outside, the finer time from inside.

import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../lib/base/instant.ts';
import { cri } from '../../lib/framings/cri.ts';
import { openLine } from '../../lib/framings/open-line.ts';
import { timestamped } from '../../lib/framings/timestamped.ts';
import type { Framed } from '../../lib/model/line.ts';

const shown = ({ text, stamp, stream, partial, identity }: Framed) => ({
  text,
  stream,
  partial,
  at: stamp === undefined ? undefined : formatInstant(stamp.at),
  ...(identity === undefined ? {} : { identity }),
});

const open = (raw: string) => openLine(raw).framed.map(shown);

const STREAM =
  'ip-10-0-0-1-application.var.log.containers.llm-0_serving_engine-7ac0fd3569af866e9a6a22eb592744200d2dbe098cf066162453f8d0b06c531f.log';

const INSIGHTS = {
  time: '2026-11-22T01:34:02.123456789Z',
  stream: 'stdout',
  _p: 'F',
  log: 'INFO:     Application startup complete.',
  kubernetes: {
    pod_name: 'llm-0',
    namespace_name: 'serving',
    pod_id: 'd936022a-9252-412a-9633-75b6c7ad4e8b',
    container_name: 'engine',
  },
};

const cases = [
  {
    says: 'a CloudWatch event around a Container Insights record: the nanoseconds are inside',
    raw: JSON.stringify({
      timestamp: 1795311242123,
      message: JSON.stringify(INSIGHTS),
      logStreamName: STREAM,
    }),
    opened: [
      {
        text: 'INFO:     Application startup complete.',
        stream: 'stdout',
        partial: false,
        at: '2026-11-22T01:34:02.123456789Z',
        identity: {
          uid: 'd936022a-9252-412a-9633-75b6c7ad4e8b',
          namespace: 'serving',
          pod: 'llm-0',
          container: 'engine',
          node: 'ip-10-0-0-1',
        },
      },
    ],
  },
  {
    says: 'CRI around a program that prints its own coarser time: the runtime is right',
    raw: '2026-11-22T01:34:02.123456789Z stderr F 2026-11-22T01:34:01.9Z text',
    opened: [{ text: 'text', stream: 'stderr', partial: false, at: '2026-11-22T01:34:02.123456789Z' }],
  },
  {
    says: 'kubectl logs --prefix --timestamps',
    raw: '[pod/llm-0/engine] 2026-11-22T01:34:02.123456789Z text',
    opened: [
      {
        text: 'text',
        stream: '',
        partial: false,
        at: '2026-11-22T01:34:02.123456789Z',
        identity: { pod: 'llm-0', container: 'engine' },
      },
    ],
  },
  {
    says: 'docker compose logs -t',
    raw: 'runner-llm-1  | 2026-11-22T01:34:02.5Z text',
    opened: [
      {
        text: 'text',
        stream: '',
        partial: false,
        at: '2026-11-22T01:34:02.500000000Z',
        identity: { container: 'runner-llm-1' },
      },
    ],
  },
  {
    says: 'stern -t',
    raw: 'llm-0 engine 2026-11-22T01:34:02.5Z text',
    opened: [
      {
        text: 'text',
        stream: '',
        partial: false,
        at: '2026-11-22T01:34:02.500000000Z',
        identity: { pod: 'llm-0', container: 'engine' },
      },
    ],
  },
  {
    says: 'Fluent Bit with the Docker parser on a CRI file, several lines in one record',
    raw: JSON.stringify({
      date: 1597871185.922652,
      log: '2020-08-19T21:06:24.337499838Z stderr F hdfsExists: error:\n2020-08-19T21:06:24.33754077Z stderr F \tat org.apache',
    }),
    opened: [
      { text: 'hdfsExists: error:', stream: 'stderr', partial: false, at: '2020-08-19T21:06:24.337499838Z' },
      { text: '\tat org.apache', stream: 'stderr', partial: false, at: '2020-08-19T21:06:24.337540770Z' },
    ],
  },
  {
    says: 'a CRI header inside a record may be a part',
    raw: '{"date":1597871185.922652,"log":"2020-08-19T21:06:24.33754077Z stderr P half"}',
    opened: [{ text: 'half', stream: 'stderr', partial: true, at: '2020-08-19T21:06:24.337540770Z' }],
  },
  {
    says: 'a part is not opened further: it is no line yet',
    raw: '2026-11-22T01:34:02.5Z stdout P {"message": "half"}',
    opened: [
      { text: '{"message": "half"}', stream: 'stdout', partial: true, at: '2026-11-22T01:34:02.500000000Z' },
    ],
  },
  {
    says: 'a CloudWatch control message holds no line',
    raw: '{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination"}]}',
    opened: [],
  },
  {
    says: 'two subscription records in one line, as Firehose joins them',
    raw: ['one', 'two}{"messageType":']
      .map((message) =>
        JSON.stringify({
          messageType: 'DATA_MESSAGE',
          logEvents: [{ id: '1', timestamp: 1600110569039, message }],
        }),
      )
      .join(''),
    opened: [
      { text: 'one', stream: '', partial: false, at: '2020-09-14T19:09:29.039000000Z' },
      { text: 'two}{"messageType":', stream: '', partial: false, at: '2020-09-14T19:09:29.039000000Z' },
    ],
  },
  {
    says: 'a bare line',
    raw: 'INFO 11-22 01:34:02 [core.py:61] text',
    opened: [{ text: 'INFO 11-22 01:34:02 [core.py:61] text', stream: '', partial: false, at: undefined }],
  },
  {
    says: 'a docker line behind a zone-less wrapper: the zoned time wins',
    raw: '[2026-11-22 03:34:02] {"log":"text\\n","stream":"stderr","time":"2026-11-22T01:34:02Z"}',
    opened: [{ text: 'text', stream: 'stderr', partial: false, at: '2026-11-22T01:34:02.000000000Z' }],
  },
] as const;

describe('openLine', () => {
  it.each(cases)('$says', ({ raw, opened }) => expect(open(raw)).toEqual(opened));

  it('goes three envelopes deep and no further', () => {
    const [line] = openLine('c-1  | c-1  | c-1  | c-1  | text').framed;
    expect(line?.text).toBe('c-1  | text');
  });

  it('keeps the header of JSON logging inside CRI', () => {
    const raw =
      '2026-11-22T01:34:00.9Z stdout F {"asctime": "2026-11-22 01:34:00,853", "levelname": "INFO", "name": "vllm.config.model", "process": 20918, "message": "Using max model len 2048", "vllm_process_name": "APIServer"}';
    const { framing, framed } = openLine(raw);
    expect(framing).toBe(cri);
    expect(framed[0]?.header).toMatchObject({
      level: 'INFO',
      logger: 'vllm.config.model',
      speaker: { name: 'APIServer', pid: 20918 },
    });
    expect(framed[0]?.header?.clock).toMatchObject({
      year: 2026,
      month: 11,
      day: 22,
      nanosecond: 853_000_000,
    });
  });

  it('leaves a message of several lines whole', () => {
    const { framed } = openLine('{"message": "one\\ntwo", "vllm_process_name": "APIServer"}');
    expect(framed.map(({ text }) => text)).toEqual(['one\ntwo']);
  });

  it('reports the outermost envelope as the hint, and takes a wrong hint', () => {
    const raw = '2026-11-22T01:34:02.5Z stdout F text';
    expect(openLine(raw, timestamped).framing).toBe(cri);
    expect(openLine('text', cri).framing).toBeUndefined();
  });
});
