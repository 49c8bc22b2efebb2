// One invocation in a process of its own: NAME and EVENT of argv in; the function's lines, then ANSWER or ERROR out.

const [name = '', event = '{}', milliseconds = '600000'] = process.argv.slice(2);
const { handler } = await import(
  `${process.env['FUNCTIONS'] ?? '../../functions'}/${name}${process.env['FUNCTIONS'] === undefined ? '.ts' : '.mjs'}`
);
const end = Date.now() + Number(milliseconds);
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => end - Date.now() };
try {
  const answer = await handler(JSON.parse(event), context);
  process.stdout.write(`ANSWER ${JSON.stringify(answer)}\n`);
} catch (error) {
  process.stdout.write(`ERROR ${error instanceof Error ? error.message : String(error)}\n`);
}
