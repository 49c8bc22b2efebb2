// The HTTP server in front of vLLM: its lifespan lines, which end in "HTTP answers".
//
// Uvicorn prints access lines with the same "INFO:     " in front, and a client
// may choose how those begin (X-Forwarded-For): `INFO:     Application startup
// complete.:0 - "GET /health …"`. So every pattern here holds the whole line.

import type { LogFormat, MarkSpec, Printed, Rule } from './contract.ts';

type Row = readonly [name: string, file: string, text: string, pattern: string, marks: readonly MarkSpec[]];

const AFTER: readonly MarkSpec[] = [{ kind: 'after_engine' }];

/** Text as uvicorn/lifespan/on.py and uvicorn/server.py print it since 0.13. */
const LINES: readonly Row[] = [
  ['started', 'server.py', 'Started server process [3667]', 'Started server process \\[\\d{1,10}\\]', AFTER],
  ['waiting', 'on.py', 'Waiting for application startup.', 'Waiting for application startup\\.', AFTER],
  ['ready', 'on.py', 'Application startup complete.', 'Application startup complete\\.', [{ kind: 'ready' }]],
  // Only up to vLLM 0.7.2: since then vLLM hands uvicorn a bound socket, and this line is skipped.
  [
    'running',
    'server.py',
    'Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)',
    'Uvicorn running on (?:https?:\\/\\/|socket |unix socket )\\S{1,200}(?: \\(Press CTRL\\+C to quit\\))?',
    AFTER,
  ],
  // The end of a server says nothing about its start; known here so that `lint` does not ask about it.
  ['shutting_down', 'server.py', 'Shutting down', 'Shutting down', []],
  [
    'waiting_shutdown',
    'on.py',
    'Waiting for application shutdown.',
    'Waiting for application shutdown\\.',
    [],
  ],
  ['shut_down', 'on.py', 'Application shutdown complete.', 'Application shutdown complete\\.', []],
  ['finished', 'server.py', 'Finished server process [3667]', 'Finished server process \\[\\d{1,10}\\]', []],
];

const FAILED: Row = [
  'startup_failed',
  'on.py',
  'Application startup failed. Exiting.',
  'Application startup failed\\. Exiting\\.',
  [{ kind: 'failed', cause: 'exception', root: false }],
];

/** vLLM 0.4 is the first one read with uvicorn in front. */
const printedBy = (file: string): Printed => ({
  program: 'uvicorn',
  file: file === 'on.py' ? 'uvicorn/lifespan/on.py' : 'uvicorn/server.py',
  from: '0.13',
});

/** The literal ends before the process number, so that the scanner compares fixed bytes. */
const fixed = (text: string): string => text.split(/\[|http/)[0] ?? text;

/** As uvicorn's own formatter writes it: level, colon, blanks up to the tenth column. */
function bare([name, file, text, pattern, marks]: Row, level = 'INFO:     '): Rule {
  return {
    id: `uvicorn.${name}`,
    printed: printedBy(file),
    files: [],
    literal: `${level}${fixed(text)}`,
    pattern: new RegExp(`^${level}${pattern}$`),
    example: `${level}${text}`,
    marks,
  };
}

/**
 * The same under somebody else's logging: NIM (`on.py:62] …`), kserve and JSON
 * (logger uvicorn.error). Access lines have the logger uvicorn.access.
 */
function logged([name, file, text, pattern, marks]: Row): Rule {
  return {
    id: `uvicorn.${name}_logged`,
    printed: printedBy(file),
    files: [file],
    loggers: ['error'],
    literal: fixed(text),
    pattern: new RegExp(`^${pattern}$`),
    example: loggedExample(file, text),
    marks,
  };
}

/** NIM 1.0: milliseconds, no opening bracket. */
const loggedExample = (file: string, text: string): string => `INFO 07-23 22:28:28.478 ${file}:62] ${text}`;

export const uvicorn: LogFormat = {
  name: 'uvicorn',
  says: 'The HTTP server: started, waiting, and "Application startup complete.", which ends a start.',
  rules: [...LINES.map((row) => bare(row)), bare(FAILED, 'ERROR:    '), ...[...LINES, FAILED].map(logged)],
};
