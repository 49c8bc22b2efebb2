// The record grammar, on lines as programs, terminals and shippers leave them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecords, unwrap } from '../../lib/formats/record.ts';
import type { Framed, LogRecord } from '../../lib/model/line.ts';
import { cpuTime } from '../cpu-time.ts';

const framed = (text: string): Framed => ({ text, stream: 'stdout', partial: false });
const records = (text: string): readonly LogRecord[] => parseRecords(framed(text));

/** `speaker#pid@ip LEVEL MM-DD hh:mm:ss file logger | message ×copies`, without what is not there. */
function short({ speaker, level, clock, file, logger, message, copies }: LogRecord): string {
  const { name, pid, ip } = speaker;
  const two = (n: number): string => String(n).padStart(2, '0');
  const fraction =
    clock === undefined || clock.nanosecond === 0
      ? ''
      : `.${String(clock.nanosecond).padStart(9, '0').replace(/0+$/, '')}`;
  const date =
    clock === undefined
      ? ''
      : `${clock.year === undefined ? '' : `${clock.year}-`}${two(clock.month)}-${two(clock.day)} ${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}${fraction}`;
  const who = `${name}${pid === undefined ? '' : `#${pid}`}${ip === undefined ? '' : `@${ip}`}`;
  const head = [who, level, date, file, logger].filter((part) => part !== '').join(' ');
  return `${head} | ${message}${copies === 1 ? '' : ` ×${copies}`}`;
}

const ESC = '\u001b';

describe('parseRecords', () => {
  it.each<readonly [string, readonly string[]]>([
    ['INFO 11-22 01:44:03 [core.py:61] hello', ['INFO 11-22 01:44:03 core.py | hello']],
    ['INFO 11-22 01:44:03 llm_engine.py:237] hello', ['INFO 11-22 01:44:03 llm_engine.py | hello']],
    ['INFO 11-22 01:44:03 [v1/engine/core.py:402] hello', ['INFO 11-22 01:44:03 core.py | hello']],
    ['INFO 11-22 01:44:03.250 [core.py:61] hello', ['INFO 11-22 01:44:03.25 core.py | hello']],
    // NIM does not pad its milliseconds.
    [
      'WARNING 07-23 22:28:15.16 utils.py:609] Found nccl',
      ['WARNING 07-23 22:28:15.016 utils.py | Found nccl'],
    ],
    ['(EngineCore) INFO [core.py:113] hello', ['EngineCore INFO core.py | hello']],
    [
      '(APIServer) INFO:     Application startup complete.',
      ['APIServer | INFO:     Application startup complete.'],
    ],
    [
      '(EngineCore_DP0 pid=7) INFO 11-22 01:44:03 [core.py:61] hello',
      ['EngineCore_DP0#7 INFO 11-22 01:44:03 core.py | hello'],
    ],
    [
      '(VllmWorker rank=0 pid=5) INFO 11-22 01:44:03 [core.py:61] hello',
      ['VllmWorker rank=0#5 INFO 11-22 01:44:03 core.py | hello'],
    ],
    [
      '(VllmWorker-0 pid=5) INFO 11-22 01:44:03 [core.py:61] hello',
      ['VllmWorker-0#5 INFO 11-22 01:44:03 core.py | hello'],
    ],
    [
      '(RayWorkerProc pid=7, ip=10.0.0.2) (Worker_DP2_TP0_EP4 pid=9) INFO 11-22 01:44:03 [core.py:61] hello',
      ['Worker_DP2_TP0_EP4#9@10.0.0.2 INFO 11-22 01:44:03 core.py | hello'],
    ],
    ['(pid=627, ip=10.0.0.2) hello', ['#627@10.0.0.2 | hello']],
    [
      `${ESC}[36m(ServeReplica:default:LLMServer:llama pid=126216)${ESC}[0m INFO 10-15 11:52:39 [__init__.py:224] hello`,
      ['ServeReplica:default:LLMServer:llama#126216 INFO 10-15 11:52:39 __init__.py | hello'],
    ],
    [
      '(EngineCore_DP0 pid=7) [Stage-0] INFO 11-22 01:44:03 [core.py:61] hello',
      ['EngineCore_DP0#7 INFO 11-22 01:44:03 core.py | hello'],
    ],
    [
      '(EngineCore pid=7) myprefix INFO 11-22 01:44:03 [core.py:61] hello',
      ['EngineCore#7 INFO 11-22 01:44:03 core.py | hello'],
    ],
    [
      'myprefix(APIServer pid=7) INFO 11-22 01:44:03 [core.py:61] hello',
      ['APIServer#7 INFO 11-22 01:44:03 core.py | hello'],
    ],
    [
      '(RustFrontend pid=7) INFO 11-20 10:00:01 [server/src/lib.rs:300] waiting engine_count=1',
      ['RustFrontend#7 INFO 11-20 10:00:01 lib.rs | waiting engine_count=1'],
    ],
    [
      '2026-11-22 01:34:40,562\tINFO scripts.py:1047 -- hello',
      ['INFO 2026-11-22 01:34:40.562 scripts.py | hello'],
    ],
    [
      '[2026-11-22 22:48:01,851 W 6578 6578] rpc_client.h:153: hello',
      ['WARNING 2026-11-22 22:48:01.851 rpc_client.h | hello'],
    ],
    [
      '2026-11-22 16:44:29,692 - INFO - autotuner.py:262 - flashinfer.jit: [Autotuner]: x',
      ['INFO 2026-11-22 16:44:29.692 autotuner.py flashinfer.jit | [Autotuner]: x'],
    ],
    ['[2025-10-08 06:07:53,528] LMCache INFO: hello', ['INFO 2025-10-08 06:07:53.528 LMCache | hello']],
    [
      '[W1122 01:01:04.348559829 utils.cpp:68] Warning: x',
      ['WARNING 11-22 01:01:04.348559829 utils.cpp | Warning: x'],
    ],
    [
      '[W818 02:57:06.050181808 utils.cpp:41] Warning: x',
      ['WARNING 08-18 02:57:06.050181808 utils.cpp | Warning: x'],
    ],
    ['2026-11-22 13:13:30,298 | INFO | hello', ['INFO 2026-11-22 13:13:30.298 | hello']],
    ['2026-11-22 13:13:30,298 - my.name - ERROR - hello', ['ERROR 2026-11-22 13:13:30.298 my.name | hello']],
    [
      '2024-09-25 14:52:21.123 uvicorn.error INFO:     hello',
      ['INFO 2024-09-25 14:52:21.123 uvicorn.error | hello'],
    ],
    [
      'INFO:     Application startup complete.',
      ['| INFO:     Application startup complete.'].map((text) => ` ${text}`),
    ],
    ['INFO 13-45 01:44:03 [core.py:61] hello', ['INFO core.py | hello']],
    ['(EngineCore pid=7) ', []],
    ['', []],
    ['  ', []],
  ])('%j', (text, expected) => {
    expect(records(text).map(short)).toEqual(expected);
  });

  it('keeps a record whose message is empty: the first line of the banner', () => {
    expect(records('(APIServer pid=7) INFO 11-22 02:21:19 [api_utils.py:347] \r').map(short)).toEqual([
      'APIServer#7 INFO 11-22 02:21:19 api_utils.py | ',
    ]);
  });

  it('cuts the trailing CR of a message of several lines', () => {
    expect(
      records('INFO 04-14 08:39:30 worker.py:267] Memory profiling takes 6.63 seconds\r')[0]?.message,
    ).toBe('Memory profiling takes 6.63 seconds');
  });
});

describe('Ray', () => {
  it.each<readonly [string, string, number]>([
    [
      '(RayWorkerWrapper pid=7) INFO 11-22 01:44:03 [a.py:1] loaded [repeated 7x across cluster]',
      'loaded',
      7,
    ],
    [
      '(RayWorkerWrapper pid=7) INFO 11-22 01:44:03 [a.py:1] loaded [repeated 2x across cluster] (Ray deduplicates logs by default. Set RAY_DEDUP_LOGS=0 to disable log deduplication, or see https://docs.ray.io/en/master/ray-observability/user-guides/configure-logging.html#log-deduplication for more options.)',
      'loaded',
      2,
    ],
    ['INFO 11-22 01:44:03 [a.py:1] loaded', 'loaded', 1],
  ])('%j', (text, message, copies) => {
    expect(records(text)[0]).toMatchObject({ message, copies });
  });
});

describe('glue', () => {
  const BAR = 'Capturing CUDA graphs (decode, FULL):  50%|█████     | 1/2 [00:00<00:00,  3.38it/s]';

  it.each<readonly [string, string, readonly string[]]>([
    [
      'behind a bar',
      `${BAR}(Worker_TP3 pid=8) ERROR 11-22 01:44:03 [a.py:1] x`,
      [` | ${BAR}`, 'Worker_TP3#8 ERROR 11-22 01:44:03 a.py | x'],
    ],
    [
      'behind a bar without prefix',
      `(EngineCore pid=7) ${BAR}INFO 11-22 01:44:03 [a.py:1] x`,
      [`EngineCore#7 | ${BAR}`, 'EngineCore#7 INFO 11-22 01:44:03 a.py | x'],
    ],
    [
      'behind polling dots',
      '....INFO 07-17 13:13:41 __init__.py:207] x',
      ['INFO 07-17 13:13:41 __init__.py | x'],
    ],
    [
      'behind spaced dots',
      '. . .INFO 07-17 13:13:41 __init__.py:207] x',
      [' | . . .', 'INFO 07-17 13:13:41 __init__.py | x'],
    ],
  ])('%s', (_, text, expected) => {
    expect(records(text).map(short)).toEqual(expected);
  });

  it('is looked for in every update of a bar, of which only the first and last are kept', () => {
    const updates = Array.from({ length: 68 }, (_, n) => `Loading: ${n}%|x| ${n}/68 [00:00]`);
    const line = `(EngineCore pid=7) ${updates.join('\r')}`;
    expect(records(line)).toHaveLength(2);
    expect(
      records(line.replace(' 40/68 [00:00]', ' 40/68 [00:00]INFO 11-22 01:44:03 [a.py:1] x')).map(short),
    ).toContain('EngineCore#7 INFO 11-22 01:44:03 a.py | x');
  });

  it.each([
    "(APIServer pid=7) INFO 11-22 01:41:43 [api_utils.py:286] non-default args: {'served_model_name': ['50%| INFO 11-22 00:00:00 [core.py:1] init engine']}",
    'INFO 11-22 01:41:43 [a.py:1] name\rINFO 11-22 00:00:00 [core.py:1] init engine',
    'INFO:     50%|INFO 11-22 00:00:00 [core.py:1] init engine:0 - "GET /health HTTP/1.1" 200 OK',
    'some text INFO 11-22 00:00:00 [core.py:1] init engine',
    '    Raise("INFO 11-22 00:00:00 [core.py:1] init engine")',
  ])('is not looked for in %j', (text) => {
    const found = records(text);
    expect(found).toHaveLength(1);
    expect(found.map(({ file }) => file)).not.toContain('core.py');
  });
});

describe('copies of a terminal', () => {
  it.each<readonly [string, string]>([
    ['    INFO 11-22 01:44:03 [core.py:61] hello', 'INFO 11-22 01:44:03 core.py | hello'],
    [
      '│ (EngineCore pid=7) INFO 11-22 01:44:03 [core.py:61] hello            │',
      'EngineCore#7 INFO 11-22 01:44:03 core.py | hello',
    ],
    [
      '│ INFO:     Application startup complete.                            │',
      ' | INFO:     Application startup complete.',
    ],
    ['\0\0\0INFO 11-22 01:44:03 [core.py:61] hello', 'INFO 11-22 01:44:03 core.py | hello'],
    ['    raise ValueError(', ' |     raise ValueError('],
  ])('%j', (text, expected) => {
    expect(records(text).map(short)).toEqual([expected]);
  });
});

describe('JSON logging', () => {
  const header = {
    speaker: { name: 'EngineCore', pid: 7 },
    level: 'INFO',
    file: '',
    logger: 'vllm.v1.engine.core',
  };

  it('gives every line of a message the header of the object', () => {
    const found = parseRecords({
      ...framed('(EngineCore pid=9) one\r\nINFO 11-22 00:00:00 [core.py:1] two'),
      header,
    });
    expect(found.map(short)).toEqual([
      'EngineCore#9 INFO vllm.v1.engine.core | one',
      'EngineCore#9 INFO vllm.v1.engine.core | INFO 11-22 00:00:00 [core.py:1] two',
    ]);
  });
});

describe('unwrap', () => {
  const only = (text: string): LogRecord => records(text)[0] ?? { ...header, message: '', copies: 1 };
  const header = { speaker: { name: '' }, level: '', file: '', logger: '' };

  it('joins the row of a terminal to the one before, with the lost blank if asked', () => {
    const previous = only(
      '(EngineCore pid=7) INFO 11-22 01:44:03 [default_loader.py:5] Loading weights took 194.90 secon',
    );
    expect(unwrap(previous, only('ds'))?.message).toBe('Loading weights took 194.90 seconds');
    expect(unwrap(previous, only('ds'), true)?.message).toBe('Loading weights took 194.90 secon ds');
  });

  it.each(['INFO 11-22 01:44:03 [a.py:1] another record', '(Worker pid=8) of another process'])(
    'does not join %j',
    (next) => {
      const previous = only(
        '(EngineCore pid=7) INFO 11-22 01:44:03 [default_loader.py:5] Loading weights took 194.90 secon',
      );
      expect(unwrap(previous, only(next))).toBeUndefined();
    },
  );
});

describe('any text', () => {
  it('never throws and never gives a line end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        for (const { message } of records(text)) expect(message).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it('takes a megabyte in its stride', () => {
    for (const unit of ['INFO 11-22 01:44:03 ', '(A pid=1) ', '50%|\r', '. ', '│ ', 'a.b/']) {
      const took = cpuTime(() => {
        records(unit.repeat(1_000_000 / unit.length));
      });
      expect(took).toBeLessThan(1500);
    }
  });
});
